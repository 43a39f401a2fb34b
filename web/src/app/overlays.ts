import { create } from 'zustand';

/** The shell's own overlays; both are loaded on first use. */
export const useOverlays = create<{ palette: boolean; shortcuts: boolean }>(() => ({
  palette: false,
  shortcuts: false,
}));
