import { create } from 'zustand';

/** Whether changes are told to this page; without it, pages ask by themselves. */
export const useLive = create<{ connected: boolean }>(() => ({ connected: false }));

/** A safety net beside the live channel: its messages are hints, and a hint may get lost. */
const rarely = 60_000;

/** For `refetchInterval`: how often to ask, given how often it takes without the live channel. */
export const liveEvery = (ms: number): number => (useLive.getState().connected ? Math.max(ms, rarely) : ms);
