import { client } from '@/api/client';
import { useQuery } from '@tanstack/react-query';
import type { ConditionNode } from './tree';

/** The rule in the server's words, with the names of the things it names; undefined while not known. */
export function useWords(tree: ConditionNode | undefined): string | undefined {
  const told = useQuery({
    queryKey: ['conditions', 'words', tree ?? null],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/app/segments/preview', {
        body: { conditions: tree as never, segment_id: null, sample: 0 },
        signal,
      });
      return data?.words ?? '';
    },
    enabled: tree !== undefined,
    staleTime: 300_000,
    retry: false,
  });
  return told.data;
}
