import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { treeErrors } from './errors';
import { isAsking, type ConditionNode } from './tree';

export type Preview = components['schemas']['SegmentQuestionsPreviewAnswer'];

/** Milliseconds of rest before the server is asked. */
const rest = 300;

type Options = {
  /** The segment being edited, so that naming it inside itself is refused. */
  segmentId?: number | undefined;
  /** How many contacts to show. */
  sample?: number;
};

/**
 * How many contacts match the tree now, and some of them: asked 300 ms after the last change; a question that is out of date is
 * given up, on the server too. `fresh` is false while the numbers are those of an earlier tree.
 */
export function usePreview(tree: ConditionNode, { segmentId, sample = 10 }: Options = {}) {
  const [settled] = useDebouncedValue(tree, rest);
  const asking = isAsking(settled);
  const query = useQuery({
    queryKey: ['conditions', 'preview', settled, segmentId ?? null, sample],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/app/segments/preview', {
        body: { conditions: settled as never, segment_id: segmentId ?? null, sample },
        signal,
      });
      return data as Preview;
    },
    enabled: asking,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
  const current = settled === tree && asking;
  return {
    asking: isAsking(tree),
    data: asking && !query.error ? query.data : undefined,
    fresh: current && query.isSuccess && !query.isPlaceholderData && !query.isFetching,
    error: current ? query.error : null,
    errors: treeErrors(current ? query.error : null),
  };
}
