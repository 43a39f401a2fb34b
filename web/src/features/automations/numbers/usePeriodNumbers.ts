import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { liveEvery } from '@/api/live/state';
import { useSession } from '@/api/session';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { periodOf, type NumbersSearch } from './search';

type Sent = components['schemas']['PeriodNumbers'];
export type PeriodStep = components['schemas']['PeriodStep'];
/** The steps by their id; `share`: shown as parts of the entries. */
export type PeriodNumbers = Omit<Sent, 'steps'> & { steps: Record<string, PeriodStep>; share: boolean };

const every = 10_000;

/** What happened at each step in the days of the address; null while it is not shown or not known. */
export function usePeriodNumbers(id: string, search: NumbersSearch, shown: boolean): PeriodNumbers | null {
  const session = useSession();
  const { first, last, valid } = periodOf(search, session.account.time_zone);
  const { data } = useQuery({
    queryKey: ['automations', id, 'period', first, last],
    queryFn: async ({ signal }) =>
      (
        await client.GET('/api/app/automations/{id}/numbers/period', {
          params: { path: { id: Number(id) }, query: { first, last } },
          signal,
        })
      ).data as Sent,
    enabled: shown && valid,
    placeholderData: keepPreviousData,
    refetchInterval: () => liveEvery(every),
  });
  const share = search.as === 'share';
  return useMemo(
    () => (shown && data ? { ...data, share, steps: Object.fromEntries(data.steps.map((s) => [s.step_id, s])) } : null),
    [shown, data, share],
  );
}
