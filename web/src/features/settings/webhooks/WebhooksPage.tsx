import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { PageHeader } from '@/ui/PageHeader';
import { SidePanel } from '@/ui/SidePanel';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { IconRefresh, IconWebhook } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateFilter, useStateFilter } from '../StateFilter';
import { DeliveryDetails } from './DeliveryDetails';
import { WebhookSecret } from './WebhookSecret';

type Delivery = components['schemas']['WebhookDeliveryView'];
const tones: Record<string, Tone> = { queued: 'waiting', delivered: 'good', failed: 'bad' };
const states = ['queued', 'delivered', 'failed'] as const;
const pageSize = 100;

/** What automations posted to other programs, what came back, and calling again. */
export function WebhooksPage() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const queryClient = useQueryClient();
  const state = useStateFilter();
  const [opened, setOpened] = useState<Delivery | null>(null);
  const log = useInfiniteQuery({
    queryKey: ['get', '/api/app/webhook-deliveries', state],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: pageSize, ...(state ? { state } : {}), ...(pageParam ? { before: pageParam } : {}) };
      const { data } = await client.GET('/api/app/webhook-deliveries', { params: { query }, signal });
      return data?.items ?? [];
    },
    initialPageParam: 0,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.id),
    maxPages: 20,
  });
  const replay = api.useMutation('post', '/api/app/webhook-deliveries/{id}/replay', {
    onSuccess: async () => {
      toast(t('webhooks.replayed'));
      setOpened(null);
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/webhook-deliveries'] });
    },
    onError: toastProblem,
  });
  const again = (d: Delivery) => replay.mutate({ params: { path: { id: d.id } } });
  const rows = useMemo(() => log.data?.pages.flat() ?? [], [log.data]);
  const columns: GridColumn<Delivery>[] = [
    {
      id: 'state',
      header: t('log.state'),
      size: 130,
      cell: (d) => <StatusBadge tone={tones[d.state] ?? 'quiet'} label={t(`webhooks.states.${d.state}`)} />,
    },
    { id: 'url', header: t('webhooks.url'), size: 360, cell: (d) => d.url },
    {
      id: 'answer',
      header: t('webhooks.answer'),
      size: 150,
      cell: (d) => d.status_code ?? (d.problem ? t(`webhooks.problems.${d.problem}`) : ''),
    },
    { id: 'attempts', header: t('log.attempts'), size: 96, align: 'end', cell: (d) => d.attempts },
    { id: 'when', header: t('log.when'), size: 130, cell: (d) => <When at={d.attempted_at ?? d.created_at} /> },
  ];
  return (
    <>
      <PageHeader
        title={t('webhooks.title')}
        area={t('title')}
        subtitle={t('webhooks.text')}
        actions={
          <StateFilter
            label={t('log.state')}
            states={[
              { value: '', label: t('log.all') },
              ...states.map((value) => ({ value, label: t(`webhooks.states.${value}`) })),
            ]}
          />
        }
      />
      {allows(session, 'manage_account') ? <WebhookSecret /> : null}
      <DataGrid
        label={t('webhooks.deliveries')}
        rows={rows}
        rowId={(d) => String(d.id)}
        columns={columns}
        loading={log.isPending}
        error={log.error}
        onRetry={() => void log.refetch()}
        hasNextPage={log.hasNextPage}
        fetchingNextPage={log.isFetchingNextPage}
        fetchNextPage={() => void log.fetchNextPage()}
        onOpen={setOpened}
        onPeek={setOpened}
        height="calc(100dvh - 260px)"
        {...(allows(session, 'manage_automations')
          ? {
              rowActions: (d: Delivery) => [
                { id: 'replay', label: t('webhooks.replay'), icon: IconRefresh, run: () => again(d) },
              ],
            }
          : {})}
        empty={
          <EmptyState
            icon={IconWebhook}
            title={t(state ? 'log.no_match' : 'webhooks.empty')}
            text={t(state ? 'log.no_match_text' : 'webhooks.empty_text')}
          />
        }
      />
      <SidePanel opened={opened !== null} onClose={() => setOpened(null)} title={t('webhooks.one')} width={460}>
        {opened ? (
          <DeliveryDetails
            delivery={opened}
            busy={replay.isPending}
            {...(allows(session, 'manage_automations') ? { onReplay: () => again(opened) } : {})}
          />
        ) : null}
      </SidePanel>
    </>
  );
}
