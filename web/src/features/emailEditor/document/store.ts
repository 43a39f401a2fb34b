import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { Design } from './types';

/** All that is edited and can be undone. */
export type MailContent = {
  name: string;
  subject: string;
  preheader: string;
  from_name: string;
  from_address: string;
  reply_to: string;
  mode: 'design' | 'html';
  design: Design;
  html: string;
  text: string;
  /** Where the mail itself says whether answers are tracked; of templates, parts and campaigns something else does. */
  track_replies?: boolean;
};

export type EditorState = {
  content: MailContent;
  past: readonly MailContent[];
  future: readonly MailContent[];
  selected: string | null;
  /** Whose screen the canvas is as wide as. */
  device: 'desktop' | 'mobile';
  setDevice: (device: 'desktop' | 'mobile') => void;
  /** What the last change was about; changes of the same thing in quick succession are one step back. */
  touched: { key: string; at: number } | null;
  /** `key` names what is typed into; without one every change is a step of its own. */
  change: (change: Partial<MailContent>, key?: string) => void;
  edit: (operation: (design: Design) => Design, key?: string) => void;
  select: (id: string | null) => void;
  undo: () => void;
  redo: () => void;
};

/** Typing within this many milliseconds is undone together. */
const together = 1000;

export const createEditorStore = (content: MailContent, now: () => number = () => performance.now()) =>
  createStore<EditorState>((set, get) => ({
    content,
    past: [],
    future: [],
    selected: null,
    device: 'desktop',
    setDevice: (device) => set({ device }),
    touched: null,
    change: (change, key) =>
      set((s) => {
        const next = { ...s.content, ...change };
        if (
          Object.keys(change).every((k) => Object.is(next[k as keyof MailContent], s.content[k as keyof MailContent]))
        )
          return s;
        const at = now();
        const joins = key !== undefined && s.touched?.key === key && at - s.touched.at < together;
        return {
          content: next,
          past: joins ? s.past : [...s.past, s.content],
          future: [],
          touched: key === undefined ? null : { key, at },
        };
      }),
    edit: (operation, key) => get().change({ design: operation(get().content.design) }, key),
    select: (selected) => set({ selected }),
    undo: () =>
      set((s) => {
        const before = s.past.at(-1);
        if (!before) return s;
        return { content: before, past: s.past.slice(0, -1), future: [s.content, ...s.future], touched: null };
      }),
    redo: () =>
      set((s) => {
        const [after, ...future] = s.future;
        if (!after) return s;
        return { content: after, past: [...s.past, s.content], future, touched: null };
      }),
  }));

export type EditorStore = StoreApi<EditorState>;
export const EditorStoreContext = createContext<EditorStore | null>(null);

export function useEditorStore(): EditorStore {
  const store = useContext(EditorStoreContext);
  if (store === null) throw new Error('outside of the editor');
  return store;
}

export const useEditor = <T>(pick: (state: EditorState) => T): T => useStore(useEditorStore(), pick);
