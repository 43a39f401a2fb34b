import { toProblem } from '@/api/problem';
import { useEffect, useRef, useState } from 'react';
import type { EditorStore, MailContent } from '../document/store';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

/** How long after the last change a draft is saved, and how long after a failure it is tried again; milliseconds. */
const quiet = 800;
const again = 5000;

/**
 * Saves what is edited, one save at a time, the latest wins. `flush` saves at once and resolves when all is stored;
 * it rejects when that save failed. Where somebody else has saved the same mail meanwhile it stops until `resolve` is called.
 */
export function useAutosave(store: EditorStore, save: (content: MailContent) => Promise<void>) {
  const [state, setState] = useState<SaveState>('saved');
  const [error, setError] = useState<unknown>(null);
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  const [saver] = useState(() => {
    let stored = store.getState().content;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running: Promise<void> | null = null;
    let conflicted = false;
    const run = async (): Promise<void> => {
      clearTimeout(timer);
      if (running) await running.catch(() => {});
      const content = store.getState().content;
      if (content === stored || conflicted) return;
      setState('saving');
      running = latest.current(content);
      try {
        await running;
        stored = content;
        setError(null);
        setState(store.getState().content === stored ? 'saved' : 'waiting');
      } catch (problem) {
        setError(problem);
        if (toProblem(problem).code === 'version_conflict') {
          conflicted = true;
          setState('conflict');
          throw problem;
        }
        setState('failed');
        timer = setTimeout(() => void run().catch(() => {}), again);
        throw problem;
      } finally {
        running = null;
      }
    };
    return {
      run,
      /** The other one's version is known now: what stands here may be saved over it. */
      resolve: () => {
        conflicted = false;
        void run().catch(() => {});
      },
      changed: () => {
        if (conflicted) return;
        if (store.getState().content === stored) return setState('saved');
        setState('waiting');
        clearTimeout(timer);
        timer = setTimeout(() => void run().catch(() => {}), quiet);
      },
      isDirty: () => store.getState().content !== stored,
      stop: () => clearTimeout(timer),
    };
  });
  useEffect(() => {
    const off = store.subscribe((now, before) => now.content !== before.content && saver.changed());
    const warn = (event: BeforeUnloadEvent) => {
      if (!saver.isDirty()) return;
      void saver.run().catch(() => {});
      event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      off();
      window.removeEventListener('beforeunload', warn);
      saver.stop();
      if (saver.isDirty()) void latest.current(store.getState().content).catch(() => {});
    };
  }, [store, saver]);
  return { state, error, flush: saver.run, resolve: saver.resolve };
}
