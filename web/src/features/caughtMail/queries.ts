import { liveEvery } from '@/api/live/state';
import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { infiniteQueryOptions } from '@tanstack/react-query';

export type CaughtItem = components['schemas']['CaughtMailItem'];
export type CaughtMail = components['schemas']['CaughtMailView'];

/** Start of the key of every question about the catcher. */
export const caughtKey = ['get', '/api/app/caught-mail'];

/** New mail shows by itself: the live channel tells of it, and without one the catcher is looked at every five seconds. */
export const caughtMails = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...caughtKey, search],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(search ? { search } : {}), ...(pageParam ? { before: pageParam } : {}) };
      const { data } = await client.GET('/api/app/caught-mail', { params: { query }, signal });
      return data ?? { mails: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: () => liveEvery(5000),
    maxPages: 20,
  });
