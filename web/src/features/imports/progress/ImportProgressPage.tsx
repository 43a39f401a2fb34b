import { liveEvery } from '@/api/live/state';
import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { forgetJob, reportJob } from '@/ui/JobProgress';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { RequirePermission } from '@/ui/RequirePermission';
import { StatusBadge } from '@/ui/StatusBadge';
import { Alert, Button, Skeleton, Stack } from '@mantine/core';
import { IconDownload, IconUsers } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver, toneOf } from '../importState';
import { progressRoute } from '../routes';
import { CancelImport } from './CancelImport';
import { ImportFigures } from './ImportFigures';
import { ProgressBar } from './ProgressBar';

/** `/contacts/imports/:id`: how far an import is, live, and what became of its rows. */
export function ImportProgressPage() {
  const { t } = useTranslation('imports');
  const id = Number(progressRoute.useParams().importId);
  const found = api.useQuery(
    'get',
    '/api/app/imports/{id}',
    { params: { path: { id } } },
    { refetchInterval: (q) => (q.state.data && isOver(q.state.data.state) ? false : liveEvery(1000)) },
  );
  const view = found.data;
  useEffect(() => {
    if (view === undefined) return;
    const job = { id: `import-${view.id}`, title: view.name, errors: view.rejected, done: view.bytes_done };
    if (view.state === 'running') reportJob({ ...job, total: view.bytes, state: 'running' });
    else forgetJob(job.id);
    return () => forgetJob(job.id);
  }, [view]);

  return (
    <RequirePermission permission="import_contacts">
      <Page>
        {found.error ? (
          <>
            <PageHeader title={t('progress.untitled')} />
            <ErrorState error={found.error} onRetry={() => void found.refetch()} />
          </>
        ) : null}
        {found.isPending ? <Skeleton height={220} radius="md" aria-busy="true" /> : null}
        {view ? (
          <>
            <PageHeader
              title={view.name}
              area={t('list.title')}
              status={<StatusBadge tone={toneOf(view.state)} label={t(`state.${view.state}`)} />}
              actions={
                <>
                  {view.rejected > 0 ? (
                    <Button
                      component="a"
                      href={`/api/app/imports/${id}/rejected`}
                      download
                      variant="default"
                      leftSection={<IconDownload size={16} aria-hidden />}
                    >
                      {t('progress.download_rejected', { count: view.rejected })}
                    </Button>
                  ) : null}
                  {view.state === 'running' ? <CancelImport view={view} /> : null}
                </>
              }
              main={
                view.state === 'uploaded' ? (
                  <Button component={AppLink} to="/contacts/import" search={{ file: id } as never}>
                    {t('progress.go_on')}
                  </Button>
                ) : isOver(view.state) ? (
                  <Button component={AppLink} to="/contacts" leftSection={<IconUsers size={16} aria-hidden />}>
                    {t('progress.to_contacts')}
                  </Button>
                ) : null
              }
            />
            <Stack gap="lg" maw={900}>
              {view.problem ? (
                <Alert color="red" title={t('progress.failed')}>
                  {view.problem}
                </Alert>
              ) : null}
              <ProgressBar view={view} />
              <ImportFigures view={view} />
            </Stack>
          </>
        ) : null}
      </Page>
    </RequirePermission>
  );
}
