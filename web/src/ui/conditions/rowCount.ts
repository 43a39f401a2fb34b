import { client } from '@/api/client';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { isAsking, type ConditionNode } from './tree';

/** Whether rows show how many match them alone. */
export const RowCounts = createContext(false);

/** Milliseconds of rest before a row is counted: after the whole, which people wait for. */
const rest = 600;
/** So many rows are counted at a time; a tree that was just opened asks for all of them. */
const lanes = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** Waits for a free lane. One that was given up meanwhile leaves the queue without asking. */
async function inLane<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  if (running >= lanes) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    signal.throwIfAborted();
    return await ask();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** How many contacts one row matches by itself. Asked anew only where the row has changed; a question that is out of date is given up. */
export function useRowCount(node: ConditionNode) {
  const shown = use(RowCounts);
  const [settled] = useDebouncedValue(node, rest);
  const asking = shown && isAsking(node) && settled === node;
  const answer = useQuery({
    queryKey: ['conditions', 'row', settled],
    queryFn: ({ signal }) =>
      inLane(signal, async () => {
        const { data } = await client.POST('/api/app/segments/preview', {
          body: { conditions: settled as never, segment_id: null, sample: 0 },
          signal,
        });
        return data?.count ?? null;
      }),
    enabled: asking,
    staleTime: 60_000,
    retry: false,
  });
  return { count: asking ? answer.data : undefined, failed: asking && answer.isError };
}
