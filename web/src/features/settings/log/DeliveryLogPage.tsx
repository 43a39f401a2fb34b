import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { PageHeader } from '@/ui/PageHeader';
import { SidePanel } from '@/ui/SidePanel';
import { When } from '@/ui/When';
import { IconChecklist } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateFilter, useStateFilter } from '../StateFilter';
import { SendDetails } from './SendDetails';
import { SendStateBadge } from './SendStateBadge';

type Send = components['schemas']['DeliveryLogSendItem'];
const states = ['queued', 'deferred', 'sent', 'failed', 'suppressed'] as const;

/** Every mail: its state, what the receiving server said, each attempt. */
export function DeliveryLogPage() {
  const { t } = useTranslation('settings');
  const state = useStateFilter();
  const [opened, setOpened] = useState<number | null>(null);
  const log = useInfiniteQuery({
    queryKey: ['get', '/api/app/sends', state],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 100, ...(state ? { state } : {}), ...(pageParam ? { before: pageParam } : {}) };
      const { data } = await client.GET('/api/app/sends', { params: { query }, signal });
      return data ?? { sends: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const rows = useMemo(() => log.data?.pages.flatMap((p) => p.sends) ?? [], [log.data]);
  const columns: GridColumn<Send>[] = [
    { id: 'state', header: t('log.state'), size: 150, cell: (s) => <SendStateBadge state={s.state} /> },
    { id: 'to', header: t('log.to'), size: 230, cell: (s) => s.to ?? t('log.no_address') },
    { id: 'subject', header: t('log.subject'), size: 280, cell: (s) => s.subject },
    { id: 'reply', header: t('log.reply'), size: 150, cell: (s) => [s.reply_code, s.reason].filter(Boolean).join(' ') },
    { id: 'attempts', header: t('log.attempts'), size: 96, align: 'end', cell: (s) => s.attempts },
    { id: 'when', header: t('log.when'), size: 130, cell: (s) => <When at={s.finished_at ?? s.queued_at} /> },
  ];
  const send = api.useQuery(
    'get',
    '/api/app/sends/{id}',
    { params: { path: { id: opened ?? 0 } } },
    { enabled: opened !== null },
  );
  return (
    <>
      <PageHeader
        title={t('log.title')}
        area={t('title')}
        subtitle={t('log.text')}
        actions={
          <StateFilter
            label={t('log.state')}
            states={[
              { value: '', label: t('log.all') },
              ...states.map((value) => ({ value, label: t(`log.states.${value}`) })),
            ]}
          />
        }
      />
      <DataGrid
        label={t('log.title')}
        rows={rows}
        rowId={(s) => String(s.id)}
        columns={columns}
        loading={log.isPending}
        error={log.error}
        onRetry={() => void log.refetch()}
        hasNextPage={log.hasNextPage}
        fetchingNextPage={log.isFetchingNextPage}
        fetchNextPage={() => void log.fetchNextPage()}
        onOpen={(s) => setOpened(s.id)}
        onPeek={(s) => setOpened(s.id)}
        empty={
          <EmptyState
            icon={IconChecklist}
            title={t(state ? 'log.no_match' : 'log.empty')}
            text={t(state ? 'log.no_match_text' : 'log.empty_text')}
          />
        }
      />
      <SidePanel opened={opened !== null} onClose={() => setOpened(null)} title={t('log.one')} width={460}>
        {opened === null ? null : <SendDetails send={send.data} error={send.error} />}
      </SidePanel>
    </>
  );
}
