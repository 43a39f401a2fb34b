import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn, RowAction } from '@/ui/grid/types';
import { SearchInput } from '@/ui/filters';
import { PageHeader } from '@/ui/PageHeader';
import { SidePanel } from '@/ui/SidePanel';
import { Group } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StateFilter, useStateFilter } from './StateFilter';

type Loaded<T> = { rows: readonly T[]; next: number | null };

type Query = { limit: number; state?: string; before?: number; search?: string };

type Props<T> = {
  /** Start of the keys of the page's own texts: title, text, one, empty, empty_text. */
  page: string;
  /** The address it is loaded from; names its cache. */
  path: string;
  states: readonly { value: string; label: string }[];
  load: (query: Query, signal: AbortSignal) => Promise<Loaded<T>>;
  columns: GridColumn<T>[];
  icon: Icon;
  gridLabel: string;
  /** Between the header and the list. */
  above?: ReactNode;
  /** What is searched for, beside the state. */
  search?: { label: string; value: string; onChange: (value: string) => void };
  /** Further filters: their fields, and a word that changes with them. `load` knows their values itself. */
  filters?: { fields: ReactNode; key: string };
  height?: string;
  rowActions?: (row: T) => readonly RowAction[];
  /** One row in the panel at the right. */
  details: (row: T, close: () => void) => ReactNode;
};

const pageSize = 100;

/** A log: newest first, filtered by state, one row opened at the right. */
export function LogFrame<T extends { id: number }>(props: Props<T>) {
  const { page, path, states, load, columns, icon, gridLabel, above, height, rowActions, details, search, filters } =
    props;
  const { t } = useTranslation('settings');
  const state = useStateFilter();
  const [opened, setOpened] = useState<T | null>(null);
  const log = useInfiniteQuery({
    queryKey: ['get', path, state, search?.value, filters?.key],
    queryFn: ({ pageParam, signal }) =>
      load(
        {
          limit: pageSize,
          ...(state ? { state } : {}),
          ...(pageParam ? { before: pageParam } : {}),
          ...(search?.value ? { search: search.value } : {}),
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (loaded) => loaded.next ?? undefined,
    maxPages: 20,
  });
  const rows = useMemo(() => log.data?.pages.flatMap((p) => p.rows) ?? [], [log.data]);
  const filtered = Boolean(state) || Boolean(search?.value) || Boolean(filters?.key);
  const close = () => setOpened(null);
  return (
    <>
      <PageHeader
        title={t(`${page}.title`)}
        area={t('title')}
        subtitle={t(`${page}.text`)}
        actions={<StateFilter label={t('log.state')} states={[{ value: '', label: t('log.all') }, ...states]} />}
      />
      {above}
      {search || filters ? (
        <Group mb="sm" gap="sm">
          {search ? <SearchInput {...search} /> : null}
          {filters?.fields}
        </Group>
      ) : null}
      <DataGrid
        label={gridLabel}
        rows={rows}
        rowId={(row) => String(row.id)}
        columns={columns}
        loading={log.isPending}
        error={log.error}
        onRetry={() => void log.refetch()}
        hasNextPage={log.hasNextPage}
        fetchingNextPage={log.isFetchingNextPage}
        fetchNextPage={() => void log.fetchNextPage()}
        onOpen={setOpened}
        onPeek={setOpened}
        {...(height ? { height } : {})}
        {...(rowActions ? { rowActions } : {})}
        empty={
          <EmptyState
            icon={icon}
            title={t(filtered ? 'log.no_match' : `${page}.empty`)}
            text={t(filtered ? 'log.no_match_text' : `${page}.empty_text`)}
          />
        }
      />
      <SidePanel opened={opened !== null} onClose={close} title={t(`${page}.one`)} width={460}>
        {opened === null ? null : details(opened, close)}
      </SidePanel>
    </>
  );
}
