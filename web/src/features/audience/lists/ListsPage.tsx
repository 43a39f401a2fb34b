import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { Button, Group } from '@mantine/core';
import { IconMailbox, IconPencil, IconPlus, IconTrash, IconUsers, IconZoomQuestion } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAudienceSearch } from '../audienceSearch';
import { listsRoute } from '../routes';
import { DeleteList } from './DeleteList';
import { ListDialog } from './ListDialog';
import { listColumns, type List } from './listColumns';

const rowId = (l: List) => String(l.id);

/** `/lists`: what people have agreed to get. */
export function ListsPage() {
  const { t } = useTranslation('audience');
  const manages = allows(useSession(), 'manage_lists');
  const search = readAudienceSearch(listsRoute.useSearch());
  const navigate = useNavigate();
  const [editing, setEditing] = useState<List | null>(null);
  const [deleting, setDeleting] = useState<List | null>(null);
  const lists = api.useQuery('get', '/api/app/lists', {});
  const columns = useMemo(() => listColumns(t), [t]);
  const q = (search.q ?? '').toLowerCase();
  const rows = (lists.data?.items ?? []).filter((l) => l.name.toLowerCase().includes(q));
  const go = (next: typeof search) => void navigate({ to: '/lists', search: next, replace: true });
  const create = () => go({ ...search, create: true });
  const people = (l: List) => void navigate({ to: '/contacts', search: { list: l.id, status: 'active' } });
  usePageActions(manages ? [{ id: 'lists.create', label: t('lists.create'), icon: IconPlus, run: create }] : []);
  const reason = manages ? {} : { disabledReason: t('may_not_manage') };
  const actions = (l: List): RowAction[] => [
    { id: 'people', label: t('lists.show_contacts'), icon: IconUsers, run: () => people(l) },
    { id: 'edit', label: t('edit'), icon: IconPencil, run: () => setEditing(l), ...reason },
    { id: 'delete', label: t('lists.delete'), icon: IconTrash, danger: true, run: () => setDeleting(l), ...reason },
  ];
  const createButton = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t('lists.create')}
    </Button>
  ) : null;
  return (
    <Page wide>
      <PageHeader title={t('lists.title')} subtitle={t('lists.subtitle')} main={createButton} />
      <Group mb="sm">
        <SearchInput
          label={t('lists.search')}
          value={search.q ?? ''}
          onChange={(text) => go(text ? { q: text } : {})}
        />
      </Group>
      <DataGrid
        label={t('lists.title')}
        rows={rows}
        rowId={rowId}
        columns={columns}
        totalLabel={(n) => t('lists.total', { count: n })}
        loading={lists.isPending}
        error={lists.error}
        onRetry={() => void lists.refetch()}
        onOpen={people}
        rowActions={actions}
        height="auto"
        empty={
          q === '' ? (
            <EmptyState
              icon={IconMailbox}
              title={t('lists.empty.title')}
              text={t('lists.empty.text')}
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
      {search.create && manages ? <ListDialog list={null} onClose={() => go(search.q ? { q: search.q } : {})} /> : null}
      {editing ? <ListDialog list={editing} onClose={() => setEditing(null)} /> : null}
      {deleting ? <DeleteList list={deleting} onClose={() => setDeleting(null)} /> : null}
    </Page>
  );
}
