import { useEffect } from 'react';
import type { BuilderStore } from './store';

const keyFor = (id: string) => `millrace.folded.${id}`;

function remembered(id: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyFor(id)) ?? '[]');
    return Array.isArray(value) ? value.filter((x) => typeof x === 'string') : [];
  } catch {
    return [];
  }
}

/** Which branches are folded is this browser's affair; it is there again after a reload. */
export function useFolds(id: string, store: BuilderStore) {
  useEffect(() => {
    store.getState().fold(new Set(remembered(id)));
    return store.subscribe(({ folded }, before) => {
      if (folded === before.folded) return;
      try {
        if (folded.size === 0) localStorage.removeItem(keyFor(id));
        else localStorage.setItem(keyFor(id), JSON.stringify([...folded]));
      } catch {
        // A full or forbidden storage costs the memory of the folds only.
      }
    });
  }, [id, store]);
}
