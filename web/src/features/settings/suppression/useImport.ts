import { toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { chunksOf, chunkSize } from './importEntries';

/** What became of entries: `count` are new, `already` were there, of those refused some with line and reason. */
export interface Imported {
  count: number;
  already: number;
  refused: number;
  examples: { line: number; entry: string; message: string }[];
}

/** Sends any number of entries, in parts that the server takes; lines are counted over all parts. */
export function useImport<T>(send: (part: T[]) => Promise<Imported | undefined>, queryKey: readonly string[]) {
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Imported | null>(null);
  const run = async (entries: readonly T[]) => {
    setBusy(true);
    const total: Imported = { count: 0, already: 0, refused: 0, examples: [] };
    try {
      for (const [part, chunk] of chunksOf(entries, chunkSize).entries()) {
        const came = await send(chunk);
        if (came === undefined) continue;
        total.count += came.count;
        total.already += came.already;
        total.refused += came.refused;
        total.examples.push(...came.examples.map((x) => ({ ...x, line: x.line + part * chunkSize })));
      }
      setDone(total);
    } catch (problem) {
      toastProblem(problem);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey });
    }
  };
  return { busy, done, run };
}
