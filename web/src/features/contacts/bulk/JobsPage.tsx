import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Button, Text } from '@mantine/core';
import { IconStack2, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkJob } from './bulk';
import { toneOf } from './JobPage';

const rowId = (j: BulkJob) => String(j.id);

const columns = (t: TFunction): GridColumn<BulkJob>[] => [
  {
    id: 'title',
    header: t('bulk.jobs.what'),
    size: 340,
    cell: (j) => (
      <Text size="sm" fw={600} truncate>
        {j.title}
      </Text>
    ),
  },
  {
    id: 'state',
    header: t('bulk.jobs.state'),
    size: 140,
    cell: (j) => <StatusBadge tone={toneOf(j.state)} label={t(`bulk.state.${j.state}`)} />,
  },
  { id: 'total', header: t('bulk.jobs.total'), size: 100, align: 'end', cell: (j) => <Num value={j.total} /> },
  { id: 'changed', header: t('bulk.jobs.changed'), size: 100, align: 'end', cell: (j) => <Num value={j.changed} /> },
  { id: 'skipped', header: t('bulk.jobs.skipped'), size: 100, align: 'end', cell: (j) => <Num value={j.skipped} /> },
  { id: 'by', header: t('bulk.jobs.by'), size: 160, cell: (j) => j.started_by },
  { id: 'when', header: t('bulk.jobs.when'), size: 150, cell: (j) => <When at={j.created_at} /> },
];

/** `/contacts/jobs`: what was done with many contacts at once, and by whom. */
export function JobsPage() {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const jobs = api.useQuery('get', '/api/app/contacts/bulk', {});
  const shown = useMemo(() => columns(t), [t]);
  return (
    <Page wide>
      <PageHeader title={t('bulk.jobs.title')} subtitle={t('bulk.jobs.subtitle')} />
      <DataGrid
        label={t('bulk.jobs.title')}
        rows={jobs.data?.items ?? []}
        rowId={rowId}
        columns={shown}
        loading={jobs.isPending}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
        onOpen={(j) => void navigate({ to: '/contacts/jobs/$jobId', params: { jobId: String(j.id) } })}
        height="auto"
        empty={
          <EmptyState
            icon={IconStack2}
            title={t('bulk.jobs.empty_title')}
            text={t('bulk.jobs.empty_text')}
            action={
              <Button component={AppLink} to="/contacts" leftSection={<IconUsers size={16} aria-hidden />}>
                {t('bulk.jobs.to_contacts')}
              </Button>
            }
          />
        }
      />
    </Page>
  );
}
