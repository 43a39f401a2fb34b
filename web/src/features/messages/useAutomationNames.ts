import { api } from '@/api/client';
import { useMemo } from 'react';
import type { Message } from './MessagesPage';

/** Names of the automations that the messages belong to. */
export function useAutomationNames(messages: readonly Message[]): ReadonlyMap<number, string> {
  const ids = [...new Set(messages.flatMap((m) => m.automation_id ?? []))].sort((a, b) => a - b).join(',');
  const { data } = api.useQuery(
    'get',
    '/api/app/references/{source}',
    { params: { path: { source: 'automation' }, query: { ids } } },
    { enabled: ids !== '', staleTime: 60_000 },
  );
  return useMemo(() => new Map((data?.items ?? []).map((x) => [Number(x.id), x.name])), [data]);
}
