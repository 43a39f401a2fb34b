import { toProblem } from '@/api/problem';
import { useCallback, useEffect, useRef, useState } from 'react';
import { saveDraft } from '../api/automations';
import type { AutomationDocument } from '../model/document';
import type { BuilderStore, Meta } from './store';

export type SaveState = 'saved' | 'saving' | 'retrying' | 'refused' | 'conflict';

/** After the last change, in milliseconds. */
export const saveAfter = 800;
const retryFrom = 2000;
const retryMost = 30_000;

type Saved = { document: AutomationDocument; meta: Meta; revision: number };

/**
 * Saves the draft after the last change, one request at a time; what the network swallowed is sent again, what someone else changed is not written over.
 * `onSaved` hears whether the draft differs from what is published.
 */
export function useAutosave(id: string, store: BuilderStore, revision: number, onSaved?: (changed: boolean) => void) {
  const [state, setState] = useState<SaveState>('saved');
  const [refusal, setRefusal] = useState<unknown>(null);
  const saved = useRef<Saved>({ ...pick(store), revision });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const busy = useRef<Promise<boolean> | null>(null);
  const failures = useRef(0);
  const stopped = useRef(false);
  const told = useRef(onSaved);
  useEffect(() => {
    told.current = onSaved;
  }, [onSaved]);
  const again = useRef<() => void>(() => {});

  /** True when the server holds what the store holds. */
  const save = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    if (busy.current) await busy.current;
    const draft = pick(store);
    if (draft.document === saved.current.document && draft.meta === saved.current.meta) return true;
    if (stopped.current) return false;
    setState('saving');
    busy.current = saveDraft(id, { ...draft.meta, document: draft.document }, saved.current.revision).then(
      ({ revision: next, changed }) => {
        saved.current = { ...draft, revision: next };
        told.current?.(changed);
        failures.current = 0;
        const now = pick(store);
        const clean = now.document === draft.document && now.meta === draft.meta;
        setState(clean ? 'saved' : 'saving');
        setRefusal(null);
        return clean;
      },
      (error: unknown) => {
        const { status } = toProblem(error);
        if (status === 412) {
          stopped.current = true;
          setState('conflict');
        } else if (status >= 400 && status < 500) {
          setRefusal(error);
          setState('refused');
        } else {
          setState('retrying');
          timer.current = setTimeout(() => again.current(), Math.min(retryMost, retryFrom * 2 ** failures.current++));
        }
        return false;
      },
    );
    const clean = await busy.current;
    busy.current = null;
    return clean;
  }, [id, store]);

  useEffect(() => {
    again.current = () => void save();
    const unsubscribe = store.subscribe((now, before) => {
      if ((now.document === before.document && now.meta === before.meta) || stopped.current) return;
      const clean = now.document === saved.current.document && now.meta === saved.current.meta;
      setState(clean ? 'saved' : 'saving');
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), saveAfter);
    });
    const leave = (event: BeforeUnloadEvent) => {
      const now = pick(store);
      if (now.document !== saved.current.document || now.meta !== saved.current.meta) event.preventDefault();
    };
    window.addEventListener('beforeunload', leave);
    return () => {
      unsubscribe();
      window.removeEventListener('beforeunload', leave);
      void save();
    };
  }, [store, save]);

  /** The server's state was loaded anew; it is the one to build on. */
  const rebase = useCallback((next: Saved) => {
    saved.current = next;
    stopped.current = false;
    setState('saved');
  }, []);
  /** Keeps mine: the next save goes over the other one's revision. */
  const overwrite = useCallback(
    (theirs: number) => {
      saved.current = { document: { triggers: [], steps: [] }, meta: { name: '', description: '' }, revision: theirs };
      stopped.current = false;
      return save();
    },
    [save],
  );
  return { state, refusal, save, rebase, overwrite };
}

const pick = (store: BuilderStore): { document: AutomationDocument; meta: Meta } => {
  const { document, meta } = store.getState();
  return { document, meta };
};
