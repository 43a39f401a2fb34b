import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn, RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { Button, Group } from '@mantine/core';
import { IconPlus, IconZoomQuestion, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AudienceSearch } from './audienceSearch';

/** What a query answers with, one page or many. */
type Loading = {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
};

type Props<T extends { id: number }> = {
  /** First part of the text keys. */
  area: 'lists' | 'tags';
  icon: Icon;
  manages: boolean;
  search: AudienceSearch;
  go: (next: AudienceSearch) => void;
  query: Loading;
  rows: readonly T[];
  columns: readonly GridColumn<T>[];
  actions: (row: T) => RowAction[];
  onOpen: (row: T) => void;
  height: string;
  /** Dialogs. */
  children: ReactNode;
};

const rowId = (row: { id: number }) => String(row.id);

/** A page of named things that contacts have: search, grid, and the one to create more. */
export function AudiencePage<T extends { id: number }>(props: Props<T>) {
  const { area, icon, manages, search, go, query, rows, columns, actions, onOpen, height, children } = props;
  const { t } = useTranslation('audience');
  const create = () => go({ ...search, create: true });
  usePageActions(manages ? [{ id: `${area}.create`, label: t(`${area}.create`), icon: IconPlus, run: create }] : []);
  const createButton = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t(`${area}.create`)}
    </Button>
  ) : null;
  const q = search.q ?? '';
  return (
    <Page wide>
      <PageHeader title={t(`${area}.title`)} subtitle={t(`${area}.subtitle`)} main={createButton} />
      <Group mb="sm">
        <SearchInput label={t(`${area}.search`)} value={q} onChange={(text) => go(text ? { q: text } : {})} />
      </Group>
      <DataGrid
        label={t(`${area}.title`)}
        rows={rows}
        rowId={rowId}
        columns={columns}
        totalLabel={(n) => t(`${area}.total`, { count: n })}
        loading={query.isPending}
        error={query.error}
        onRetry={() => void query.refetch()}
        hasNextPage={query.hasNextPage ?? false}
        fetchingNextPage={query.isFetchingNextPage ?? false}
        fetchNextPage={() => void query.fetchNextPage?.()}
        onOpen={onOpen}
        rowActions={actions}
        height={height}
        empty={
          q === '' ? (
            <EmptyState
              icon={icon}
              title={t(`${area}.empty.title`)}
              text={t(`${area}.empty.text`)}
              action={createButton}
            />
          ) : (
            <EmptyState
              icon={IconZoomQuestion}
              title={t('no_match.title')}
              text={t('no_match.text')}
              action={<Button onClick={() => go({})}>{t('no_match.clear')}</Button>}
            />
          )
        }
      />
      {children}
    </Page>
  );
}
