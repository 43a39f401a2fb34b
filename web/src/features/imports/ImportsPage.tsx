import { liveEvery } from '@/api/live/state';
import { client } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { RequirePermission } from '@/ui/RequirePermission';
import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { importColumns } from './importColumns';
import { isOver } from './importState';
import type { ImportView } from './upload';

const rowId = (i: ImportView) => String(i.id);
const pageSize = 50;

/** `/contacts/imports`: every file that was brought in, and what became of it. */
export function ImportsPage() {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const imports = useInfiniteQuery({
    queryKey: ['get', '/api/app/imports'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: pageSize, ...(pageParam ? { before: pageParam } : {}) };
      const { data } = await client.GET('/api/app/imports', { params: { query }, signal });
      return data?.items ?? [];
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageSize ? null : (page.at(-1)?.id ?? null)),
    refetchInterval: (q) =>
      q.state.data?.pages.flat().some((i) => i.state === 'running' || i.state === 'uploading')
        ? liveEvery(2000)
        : false,
  });
  const rows = imports.data?.pages.flat() ?? [];
  const columns = useMemo(() => importColumns(t), [t]);
  const open = (i: ImportView) =>
    void (isOver(i.state) || i.state === 'running'
      ? navigate({ to: '/contacts/imports/$importId', params: { importId: String(i.id) } })
      : navigate({ to: '/contacts/import', search: { file: i.id } }));
  const button = (
    <Button component={AppLink} to="/contacts/import" leftSection={<IconFileImport size={16} aria-hidden />}>
      {t('list.new')}
    </Button>
  );
  return (
    <RequirePermission permission="import_contacts">
      <Page wide>
        <PageHeader title={t('list.title')} subtitle={t('list.subtitle')} main={button} />
        <DataGrid
          label={t('list.title')}
          rows={rows}
          rowId={rowId}
          columns={columns}
          totalLabel={(n) => t('list.total', { count: n })}
          loading={imports.isPending}
          error={imports.error}
          onRetry={() => void imports.refetch()}
          hasNextPage={imports.hasNextPage}
          fetchingNextPage={imports.isFetchingNextPage}
          fetchNextPage={() => void imports.fetchNextPage()}
          onOpen={open}
          height={rows.length > 18 ? 'calc(100dvh - 130px)' : 'auto'}
          empty={
            <EmptyState
              icon={IconFileImport}
              title={t('list.empty.title')}
              text={t('list.empty.text')}
              action={button}
            />
          }
        />
      </Page>
    </RequirePermission>
  );
}
