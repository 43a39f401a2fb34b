import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { useInfiniteQuery } from '@tanstack/react-query';

export type Tag = components['schemas']['TagView'];

export const tagsKey = ['get', '/api/app/tags'] as const;

/** Tags by name, 100 at once. */
export const useTags = (q: string) =>
  useInfiniteQuery({
    queryKey: [...tagsKey, 'pages', q],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 100, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/app/tags', { params: { query }, signal });
      if (data === undefined) throw new Error('no page');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
