import { useState } from 'react';

/** Milliseconds within which changes of one kind are one step: a word is undone, not a letter. */
const together = 800;

type History<T> = { past: readonly T[]; now: T; future: readonly T[]; kind: string; at: number };

/** A value with undo and redo for as long as the page is open. */
export function useHistory<T>(start: () => T) {
  const [history, setHistory] = useState<History<T>>(() => ({ past: [], now: start(), future: [], kind: '', at: 0 }));
  return {
    now: history.now,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    /** @param kind changes of one kind that follow each other quickly are one step. */
    change: (make: (now: T) => T, kind: string) => {
      const at = Date.now();
      setHistory((h) => ({
        past: h.kind === kind && at - h.at < together && h.past.length > 0 ? h.past : [...h.past, h.now],
        now: make(h.now),
        future: [],
        kind,
        at,
      }));
    },
    undo: () =>
      setHistory((h) => {
        const before = h.past.at(-1);
        if (before === undefined) return h;
        return { past: h.past.slice(0, -1), now: before, future: [h.now, ...h.future], kind: '', at: 0 };
      }),
    redo: () =>
      setHistory((h) => {
        const [next, ...future] = h.future;
        if (next === undefined) return h;
        return { past: [...h.past, h.now], now: next, future, kind: '', at: 0 };
      }),
    /** What the server made of it: not a step of its own. */
    settle: (now: T) => setHistory((h) => ({ ...h, now, kind: '', at: 0 })),
  };
}
