import { liveEvery } from '@/api/live/state';
import { api, client } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { RequirePermission } from '@/ui/RequirePermission';
import { toastProblem } from '@/ui/toasts';
import { Button } from '@mantine/core';
import { IconDownload, IconUsers } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { exportColumns, type ExportView } from './exportColumns';

/** The file comes by a link that works once, so each click asks for a new one. */
async function fetchFile(e: ExportView) {
  try {
    const { data } = await client.POST('/api/app/exports/{id}/link', { params: { path: { id: e.id } } });
    if (data) window.location.assign(data.path);
  } catch (problem) {
    toastProblem(problem);
  }
}

const rowId = (e: ExportView) => String(e.id);

/** `/contacts/exports`: files that can be fetched, for a week after they were made. */
export function ExportsPage() {
  const { t } = useTranslation('imports');
  const exports = api.useQuery(
    'get',
    '/api/app/exports',
    {},
    {
      refetchInterval: (q) =>
        q.state.data?.items.some((e) => e.state === 'running' || e.state === 'waiting') ? liveEvery(1500) : false,
    },
  );
  const columns = useMemo(() => exportColumns(t, (e) => void fetchFile(e)), [t]);
  return (
    <RequirePermission permission="export_contacts">
      <Page wide>
        <PageHeader title={t('exports.title')} subtitle={t('exports.subtitle')} />
        <DataGrid
          label={t('exports.title')}
          rows={exports.data?.items ?? []}
          rowId={rowId}
          columns={columns}
          totalLabel={(n) => t('exports.total', { count: n })}
          loading={exports.isPending}
          error={exports.error}
          onRetry={() => void exports.refetch()}
          height="auto"
          empty={
            <EmptyState
              icon={IconDownload}
              title={t('exports.empty.title')}
              text={t('exports.empty.text')}
              action={
                <Button component={AppLink} to="/contacts" leftSection={<IconUsers size={16} aria-hidden />}>
                  {t('exports.to_contacts')}
                </Button>
              }
            />
          }
        />
      </Page>
    </RequirePermission>
  );
}
