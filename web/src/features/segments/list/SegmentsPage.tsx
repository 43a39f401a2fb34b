import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridSort, RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Group, Select } from '@mantine/core';
import {
  IconChartPie,
  IconCopy,
  IconPencil,
  IconPlus,
  IconSitemap,
  IconTrash,
  IconUsers,
  IconZoomQuestion,
} from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteSegment } from '../DeleteSegment';
import { segmentsRoute } from '../routes';
import { duplicateSegment, listSegments, pageSize, refreshSegments, segmentsKey, type SegmentRow } from '../segments';
import { UsesPanel } from '../UsesPanel';
import { readSegmentSearch, type SegmentSearch } from './segmentSearch';
import { segmentColumns } from './segmentColumns';

const rowId = (s: SegmentRow) => String(s.id);
const readSort = (text = 'name'): GridSort => ({ id: text.replace(/^-/, ''), desc: text.startsWith('-') });

/** `/segments`: the saved groups of contacts. */
export function SegmentsPage() {
  const { t } = useTranslation('segments');
  const manages = allows(useSession(), 'manage_contacts');
  const raw = segmentsRoute.useSearch();
  const search = useMemo(() => readSegmentSearch(raw), [raw]);
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<SegmentRow | null>(null);
  const [asked, setAsked] = useState<SegmentRow | null>(null);
  const columns = useMemo(() => segmentColumns(t), [t]);
  const list = useInfiniteQuery({
    queryKey: [...segmentsKey, 'list', search],
    queryFn: ({ pageParam, signal }) => listSegments(search, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (page, all) => (all.length * pageSize < page.total ? all.length * pageSize : null),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const go = (next: SegmentSearch) => void navigate({ to: '/segments', search: next, replace: true });
  const change = (part: Partial<Record<keyof SegmentSearch, string | undefined>>) =>
    go(readSegmentSearch({ ...search, ...part }));
  const open = (s: SegmentRow) => void navigate({ to: '/segments/$segmentId', params: { segmentId: String(s.id) } });
  const people = (s: SegmentRow) => void navigate({ to: '/contacts', search: { segment: s.id } });
  const duplicate = async (s: SegmentRow) => {
    try {
      const copy = await duplicateSegment(s.id);
      await refreshSegments();
      toast(t('duplicated', { name: s.name }));
      void navigate({ to: '/segments/$segmentId', params: { segmentId: String(copy.id) } });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const create = () => void navigate({ to: '/segments/$segmentId', params: { segmentId: 'new' } });
  usePageActions(manages ? [{ id: 'segments.create', label: t('create'), icon: IconPlus, run: create }] : []);
  const reason = manages ? {} : { disabledReason: t('may_not_manage') };
  const actions = (s: SegmentRow): RowAction[] => [
    { id: 'people', label: t('show_contacts'), icon: IconUsers, run: () => people(s) },
    { id: 'open', label: t(manages ? 'edit' : 'open'), icon: IconPencil, run: () => open(s) },
    { id: 'uses', label: t('uses.open'), icon: IconSitemap, run: () => setAsked(s) },
    { id: 'duplicate', label: t('duplicate'), icon: IconCopy, run: () => void duplicate(s), ...reason },
    { id: 'delete', label: t('delete.open'), icon: IconTrash, danger: true, run: () => setDeleting(s), ...reason },
  ];
  const createButton = manages ? (
    <Button
      component={AppLink}
      to="/segments/$segmentId"
      params={{ segmentId: 'new' } as never}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      {t('create')}
    </Button>
  ) : null;
  const filtered = search.q !== undefined || search.tag !== undefined;
  return (
    <Page wide>
      <PageHeader title={t('title')} subtitle={t('subtitle')} main={createButton} />
      <Group mb="sm" gap="sm">
        <SearchInput label={t('list.search')} value={search.q ?? ''} onChange={(q) => change({ q: q || undefined })} />
        {first && (first.tags.length > 0 || search.tag) ? (
          <Select
            w={180}
            clearable
            searchable
            aria-label={t('list.tag')}
            placeholder={t('list.tag')}
            data={[...new Set([...first.tags, ...(search.tag ? [search.tag] : [])])]}
            value={search.tag ?? null}
            onChange={(tag) => change({ tag: tag ?? undefined })}
          />
        ) : null}
      </Group>
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={rowId}
        columns={columns}
        total={first?.total ?? null}
        totalLabel={(n) => t('list.total', { count: n })}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={list.hasNextPage}
        fetchingNextPage={list.isFetchingNextPage}
        fetchNextPage={() => void list.fetchNextPage()}
        sort={readSort(search.sort)}
        onSort={(s) => change({ sort: `${s.desc ? '-' : ''}${s.id}` })}
        onOpen={open}
        rowActions={actions}
        height="calc(100dvh - 172px)"
        empty={
          filtered ? (
            <EmptyState
              icon={IconZoomQuestion}
              title={t('no_match.title')}
              text={t('no_match.text')}
              action={<Button onClick={() => go({})}>{t('no_match.clear')}</Button>}
            />
          ) : (
            <EmptyState icon={IconChartPie} title={t('empty.title')} text={t('empty.text')} action={createButton} />
          )
        }
      />
      <UsesPanel segment={asked} onClose={() => setAsked(null)} />
      {deleting ? <DeleteSegment segment={deleting} onClose={() => setDeleting(null)} /> : null}
    </Page>
  );
}
