import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { formatNumber } from '@/ui/format';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridSelection } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconBolt, IconPlus, IconSitemap, IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listAutomations, listPageSize } from '../api/automations';
import type { AutomationSummary } from '../api/types';
import { AssignLabels } from '../labels/AssignLabels';
import { LabelBar } from '../labels/LabelBar';
import { LabelFilter } from '../labels/LabelFilter';
import { ManageLabels } from '../labels/ManageLabels';
import { useLabels } from '../labels/useLabels';
import { ImportDialog } from './ImportDialog';
import { useColumns } from './useColumns';
import { useRowActions } from './useRowActions';

const statuses = ['all', 'active', 'inactive', 'draft'] as const;

/** `/automations` */
export function AutomationsPage() {
  const { t } = useTranslation(['automations', 'builder']);
  const session = useSession();
  const navigate = useNavigate();
  const { q, status, label } = useSearch({ from: '/shell/automations' });
  const [importing, setImporting] = useState(false);
  const [deleting, setDeleting] = useState<AutomationSummary | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['automations', 'list', q ?? '', status ?? '', label ?? ''],
    queryFn: ({ pageParam, signal }) =>
      listAutomations(
        {
          offset: pageParam,
          ...(q ? { search: q } : {}),
          ...(status ? { status } : {}),
          ...(label !== undefined && /^\d+$/.test(label) ? { label: Number(label) } : {}),
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) =>
      pages.length * listPageSize < page.total ? pages.length * listPageSize : undefined,
  });
  const rows = list.data?.pages.flatMap((p) => p.items) ?? [];
  const labels = useLabels();
  const columns = useColumns(labels);
  const [managing, setManaging] = useState(false);
  const [chosen, setChosen] = useState<GridSelection>(new Set());
  const [labelling, setLabelling] = useState<readonly AutomationSummary[]>([]);
  const actions = useRowActions(setDeleting, (row) => setLabelling([row]));
  const chosenRows = rows.filter((r) => chosen.has(rowId(r)));
  const filter = (next: { q?: string; status?: string; label?: string }) =>
    void navigate({
      to: '/automations',
      replace: true,
      search: Object.fromEntries(
        Object.entries({ q, status, label, ...next }).filter(([, v]) => v !== undefined && v !== '' && v !== 'all'),
      ),
    });
  const manages = allows(session, 'manage_automations');
  const fresh = (
    <Button component={AppLink} to="/automations/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('list.create')}
    </Button>
  );
  const bring = (
    <Button
      variant="default"
      data-compact
      leftSection={<IconUpload size={16} aria-hidden />}
      onClick={() => setImporting(true)}
    >
      {t('list.import')}
    </Button>
  );
  const actionsOfPage = (
    <>
      <Button
        variant="default"
        data-compact
        component={AppLink}
        to="/automations/map"
        leftSection={<IconSitemap size={16} aria-hidden />}
      >
        {t('map.title', { ns: 'builder' })}
      </Button>
      {bring}
    </>
  );
  return (
    <Page wide>
      <PageHeader title={t('title')} actions={actionsOfPage} main={fresh} />
      <Group mb="sm">
        <SearchInput label={t('list.search')} value={q ?? ''} onChange={(next) => filter({ q: next })} />
        <SegmentedControl
          size="xs"
          aria-label={t('list.status')}
          value={status ?? 'all'}
          onChange={(next) => filter({ status: next })}
          data={statuses.map((value) => ({ value, label: t(`list.status_${value}`) }))}
        />
      </Group>
      {labels.length > 0 || manages ? (
        <LabelFilter
          labels={labels}
          value={label ?? ''}
          onChange={(next) => filter({ label: next })}
          {...(manages ? { onManage: () => setManaging(true) } : {})}
        />
      ) : null}
      {chosenRows.length > 0 ? (
        <LabelBar
          count={chosenRows.length}
          onLabels={() => setLabelling(chosenRows)}
          onClear={() => setChosen(new Set())}
        />
      ) : null}
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={rowId}
        columns={columns}
        total={list.data?.pages[0]?.total ?? null}
        totalLabel={(count) => t('list.total', { count, number: formatNumber(count) })}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={list.hasNextPage}
        fetchingNextPage={list.isFetchingNextPage}
        fetchNextPage={() => void list.fetchNextPage()}
        onOpen={(row) => void navigate({ to: '/automations/$id', params: { id: String(row.id) } })}
        rowActions={actions}
        {...(manages ? { selection: chosen, onSelection: setChosen } : {})}
        rowHeight={40}
        empty={
          q || status || label ? (
            <EmptyState
              icon={IconBolt}
              title={t('list.no_match')}
              text={t('list.no_match_text')}
              action={
                <Button variant="default" onClick={() => filter({ q: '', status: '', label: '' })}>
                  {t('list.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconBolt}
              title={t('list.empty')}
              text={t('list.empty_text')}
              action={fresh}
              second={manages ? bring : null}
            />
          )
        }
      />
      <ManageLabels opened={managing} onClose={() => setManaging(false)} />
      <AssignLabels rows={labelling} onClose={() => setLabelling([])} />
      <ImportDialog opened={importing} onClose={() => setImporting(false)} />
      <ConfirmDialog
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('list.delete_title', { name: deleting?.name ?? '' })}
        effect={t('list.delete_effect', { count: deleting?.inside ?? 0, number: formatNumber(deleting?.inside ?? 0) })}
        confirmLabel={t('list.delete')}
        danger
        {...((deleting?.inside ?? 0) > 0 ? { typed: deleting?.name ?? '' } : {})}
        onConfirm={() => deleting && actions.remove(deleting)}
      />
    </Page>
  );
}

const rowId = (row: AutomationSummary) => String(row.id);
