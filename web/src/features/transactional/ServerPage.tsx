import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { Skeleton, Tabs } from '@mantine/core';
import {
  IconChartLine,
  IconListDetails,
  IconPlugConnected,
  IconRoute,
  IconTemplate,
  IconWebhook,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ActivityTab } from './activity/ActivityTab';
import { serverRoute, type ServerTab } from './routes';
import { SetupTab } from './SetupTab';
import { StatisticsTab } from './StatisticsTab';
import { StreamsTab } from './streams/StreamsTab';
import { TemplatesTab } from './templates/TemplatesTab';
import { WebhooksTab } from './WebhooksTab';

export type Server = components['schemas']['MailServersServerView'];

const tabs = [
  ['activity', IconListDetails, ActivityTab],
  ['statistics', IconChartLine, StatisticsTab],
  ['templates', IconTemplate, TemplatesTab],
  ['streams', IconRoute, StreamsTab],
  ['webhooks', IconWebhook, WebhooksTab],
  ['setup', IconPlugConnected, SetupTab],
] as const;

/** `/transactional/:server`: what it sent, how it went, and how programs send through it. */
export function ServerPage() {
  const { t } = useTranslation('transactional');
  const { server: id } = serverRoute.useParams();
  const search = serverRoute.useSearch();
  const navigate = useNavigate();
  const query = api.useQuery('get', '/api/app/mail-servers/{id}', { params: { path: { id: Number(id) } } });
  const tab = search.tab ?? 'activity';
  const go = (next: ServerTab) =>
    void navigate({ to: `/transactional/${id}` as string, search: { tab: next } as never, replace: true });
  if (query.error)
    return (
      <Page>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  return (
    <Page wide>
      <PageHeader title={query.data?.name ?? '…'} area={t('title')} subtitle={t('server_subtitle')} />
      {query.data === undefined ? (
        <Skeleton height={300} radius="md" aria-busy="true" />
      ) : (
        <Tabs value={tab} onChange={(next) => go(next as ServerTab)} keepMounted={false}>
          <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
            {tabs.map(([key, Icon]) => (
              <Tabs.Tab key={key} value={key} leftSection={<Icon size={15} aria-hidden />}>
                {t(`tab.${key}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(([key, , Panel]) => (
            <Tabs.Panel key={key} value={key}>
              <Panel server={query.data} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Page>
  );
}
