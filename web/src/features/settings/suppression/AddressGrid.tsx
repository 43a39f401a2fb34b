import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn, RowAction } from '@/ui/grid/types';
import type { ReactNode } from 'react';

/** What an infinite query answers with. */
type Loading = {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

type Props<T> = {
  label: string;
  rowId: (row: T) => string;
  rows: readonly T[];
  columns: readonly GridColumn<T>[];
  query: Loading;
  /** What can be done with a row; null for somebody who may only look. */
  actions: ((row: T) => RowAction[]) | null;
  empty: ReactNode;
};

/** The grid of both lists of who is not mailed: as high as its rows, up to the window. */
export const AddressGrid = <T extends object>({ query, rows, actions, ...grid }: Props<T>) => (
  <DataGrid
    {...grid}
    rows={rows}
    loading={query.isPending}
    error={query.error}
    onRetry={() => void query.refetch()}
    hasNextPage={query.hasNextPage}
    fetchingNextPage={query.isFetchingNextPage}
    fetchNextPage={() => void query.fetchNextPage()}
    height={rows.length > 14 ? 'calc(100dvh - 250px)' : 'auto'}
    {...(actions === null ? {} : { rowActions: actions })}
  />
);
