import { api, client } from '@/api/client';
import { liveEvery } from '@/api/live/state';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { JobProgress } from '@/ui/JobProgress';
import { Metric } from '@/ui/Metric';
import { Num } from '@/ui/Num';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Alert, Button, Card, Group, SegmentedControl, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconPlayerStop } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { jobRoute } from '../routes';
import { asProgress, cancelJob, undoJob } from './bulk';

type Item = components['schemas']['ListBulkItemsBulkItem'];

const tones: Record<string, Tone> = { running: 'waiting', finished: 'good', cancelled: 'quiet', failed: 'bad' };
export const toneOf = (state: string): Tone => tones[state] ?? 'quiet';

const rowId = (i: Item) => String(i.contact_id);
const columns = (t: TFunction): GridColumn<Item>[] => [
  {
    id: 'contact',
    header: t('bulk.job.contact'),
    size: 300,
    cell: (i) => (
      <Text size="sm" {...(i.exists ? { fw: 600 } : { c: 'dimmed' })} truncate>
        {i.name || i.email || t('bulk.job.gone', { id: i.contact_id })}
      </Text>
    ),
  },
  { id: 'email', header: t('columns.email'), size: 260, cell: (i) => i.email },
  {
    id: 'outcome',
    header: t('bulk.job.outcome'),
    size: 340,
    cell: (i) =>
      i.changed ? (
        <StatusBadge tone="good" label={t('bulk.job.changed')} />
      ) : (
        <Text size="sm" c="dimmed" truncate title={i.detail ?? undefined}>
          {i.detail ? `${i.reason}: ${i.detail}` : i.reason}
        </Text>
      ),
  },
];

/** `/contacts/jobs/:id`: how far a bulk action is, what it changed, whom it left out and why, and the way back. */
export function JobPage() {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const manages = allows(useSession(), 'manage_contacts');
  const id = Number(jobRoute.useParams().jobId);
  const [only, setOnly] = useState('all');
  const found = api.useQuery(
    'get',
    '/api/app/contacts/bulk/{id}',
    { params: { path: { id } } },
    { refetchInterval: (q) => (q.state.data?.state === 'running' ? Math.min(5000, liveEvery(1000)) : false) },
  );
  const job = found.data;
  const items = useInfiniteQuery({
    queryKey: ['get', '/api/app/contacts/bulk/{id}', id, 'items', only, job?.done],
    enabled: job?.items_kept === true,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(only === 'all' ? {} : { changed: only === 'changed' }),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await client.GET('/api/app/contacts/bulk/{id}/items', {
        params: { path: { id }, query },
        signal,
      });
      if (data === undefined) throw new Error('no page');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const shown = useMemo(() => columns(t), [t]);
  const rows = items.data?.pages.flatMap((p) => p.items) ?? [];
  if (found.error)
    return (
      <Page>
        <PageHeader title={t('bulk.jobs.title')} />
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    );
  if (job === undefined)
    return (
      <Page>
        <Skeleton height={220} radius="md" aria-busy="true" />
      </Page>
    );
  return (
    <Page wide>
      <PageHeader
        title={job.title}
        area={t('bulk.jobs.title')}
        status={<StatusBadge tone={toneOf(job.state)} label={t(`bulk.state.${job.state}`)} />}
        subtitle={
          <>
            {job.started_by ?? ''} · <When at={job.created_at} />
          </>
        }
        main={
          manages && job.state === 'running' ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              onClick={() => void cancelJob(id)}
            >
              {t('bulk.job.cancel')}
            </Button>
          ) : manages && job.undo_until !== null ? (
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => void undoJob(id, t)}
            >
              {t('bulk.job.undo')}
            </Button>
          ) : null
        }
      />
      <Stack gap="lg">
        {job.problem ? <Alert color="red">{job.problem}</Alert> : null}
        {job.state === 'running' ? <JobProgress job={{ ...asProgress(job), title: t('bulk.state.running') }} /> : null}
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" maw={720}>
          <Metric label={t('bulk.jobs.total')} value={job.total} />
          <Metric label={t('bulk.jobs.changed')} value={job.changed} />
          <Metric label={t('bulk.jobs.skipped')} value={job.skipped} />
        </SimpleGrid>
        {job.reasons.length > 0 ? (
          <Card withBorder padding="md" radius="md" maw={720}>
            <Text size="sm" fw={600} mb={6}>
              {t('bulk.job.why')}
            </Text>
            {job.reasons.map((r) => (
              <Group key={r.reason} justify="space-between" wrap="nowrap" gap="md">
                <Text size="sm">{r.text}</Text>
                <Text size="sm" className="tabular">
                  <Num value={r.total} />
                </Text>
              </Group>
            ))}
          </Card>
        ) : null}
        {job.undone_by !== null ? <Text size="sm">{t('bulk.job.undone')}</Text> : null}
        {job.undo_until !== null ? (
          <Text size="sm" c="dimmed">
            {t('bulk.job.until')} <When at={job.undo_until} />
          </Text>
        ) : null}
        {job.items_kept ? (
          <div>
            <SegmentedControl
              aria-label={t('bulk.job.show')}
              mb="sm"
              value={only}
              onChange={setOnly}
              data={['all', 'changed', 'skipped'].map((value) => ({ value, label: t(`bulk.job.only_${value}`) }))}
            />
            <DataGrid
              label={t('bulk.job.contacts')}
              rows={rows}
              rowId={rowId}
              columns={shown}
              loading={items.isPending}
              error={items.error}
              onRetry={() => void items.refetch()}
              hasNextPage={items.hasNextPage}
              fetchingNextPage={items.isFetchingNextPage}
              fetchNextPage={() => void items.fetchNextPage()}
              onOpen={(i) =>
                i.exists && void navigate({ to: '/contacts/$contactId', params: { contactId: String(i.contact_id) } })
              }
              height={rows.length > 10 ? '440px' : 'auto'}
              empty={
                <Text size="sm" c="dimmed" p="md">
                  {t('bulk.job.nobody')}
                </Text>
              }
            />
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {t('bulk.job.forgotten')}
          </Text>
        )}
      </Stack>
    </Page>
  );
}
