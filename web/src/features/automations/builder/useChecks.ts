import { useEffect, useState } from 'react';
import { checkDocument } from '../api/automations';
import type { AutomationProblem } from '../model/problems';
import type { BuilderStore } from './store';

/** After the last change, in milliseconds. */
export const checkAfter = 400;
const none: readonly AutomationProblem[] = [];

/** What the server finds in the document; asked again after each change, the request before is given up. */
export function useChecks(id: string, store: BuilderStore): readonly AutomationProblem[] {
  const [problems, setProblems] = useState(none);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running = new AbortController();
    const check = () => {
      running.abort();
      running = new AbortController();
      const { signal } = running;
      checkDocument(id, store.getState().document, signal).then(
        (answer) => signal.aborted || setProblems(answer.problems),
        // The problems of before stay; the next change asks again, and publishing checks anyway.
        () => {},
      );
    };
    check();
    const unsubscribe = store.subscribe((now, before) => {
      if (now.document === before.document) return;
      clearTimeout(timer);
      timer = setTimeout(check, checkAfter);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
      running.abort();
    };
  }, [id, store]);
  return problems;
}
