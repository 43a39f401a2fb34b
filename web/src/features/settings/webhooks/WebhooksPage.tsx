import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import type { GridColumn } from '@/ui/grid/types';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { IconRefresh, IconWebhook } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LogFrame } from '../LogFrame';
import { DeliveryDetails } from './DeliveryDetails';
import { WebhookSecret } from './WebhookSecret';

type Delivery = components['schemas']['WebhookDeliveryView'];
const tones: Record<string, Tone> = { queued: 'waiting', delivered: 'good', failed: 'bad', cancelled: 'quiet' };
const states = ['queued', 'delivered', 'failed', 'cancelled'] as const;

/** What automations and bulk imports called, what came back, and calling again. */
export function WebhooksPage() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const queryClient = useQueryClient();
  const replay = api.useMutation('post', '/api/app/webhook-deliveries/{id}/replay', {
    onSuccess: async () => {
      toast(t('webhooks.replayed'));
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/webhook-deliveries'] });
    },
    onError: toastProblem,
  });
  const manages = allows(session, 'manage_automations');
  const again = (d: Delivery) => replay.mutateAsync({ params: { path: { id: d.id } } }).catch(() => {});
  const columns: GridColumn<Delivery>[] = [
    {
      id: 'state',
      header: t('log.state'),
      size: 130,
      cell: (d) => <StatusBadge tone={tones[d.state] ?? 'quiet'} label={t(`webhooks.states.${d.state}`)} />,
    },
    { id: 'url', header: t('webhooks.url'), size: 330, cell: (d) => d.url },
    { id: 'source', header: t('webhooks.from'), size: 120, cell: (d) => t(`webhooks.sources.${d.source}`) },
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
    <LogFrame<Delivery>
      page="webhooks"
      path="/api/app/webhook-deliveries"
      icon={IconWebhook}
      gridLabel={t('webhooks.deliveries')}
      states={states.map((value) => ({ value, label: t(`webhooks.states.${value}`) }))}
      columns={columns}
      above={allows(session, 'manage_account') ? <WebhookSecret /> : null}
      height="calc(100dvh - 260px)"
      load={async (query, signal) => {
        const { data } = await client.GET('/api/app/webhook-deliveries', { params: { query }, signal });
        const rows = data?.items ?? [];
        return { rows, next: rows.length < query.limit ? null : (rows.at(-1)?.id ?? null) };
      }}
      {...(manages
        ? {
            rowActions: (d: Delivery) => [
              { id: 'replay', label: t('webhooks.replay'), icon: IconRefresh, run: () => void again(d) },
            ],
          }
        : {})}
      details={(d, close) => (
        <DeliveryDetails
          delivery={d}
          busy={replay.isPending}
          {...(manages ? { onReplay: () => void again(d).then(close) } : {})}
        />
      )}
    />
  );
}
