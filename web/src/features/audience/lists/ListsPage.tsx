import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import type { RowAction } from '@/ui/grid/types';
import { IconMailbox, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AudiencePage } from '../AudiencePage';
import { readAudienceSearch } from '../audienceSearch';
import { listsRoute } from '../routes';
import { DeleteList } from './DeleteList';
import { ListDialog } from './ListDialog';
import { listColumns, type List } from './listColumns';

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
  const people = (l: List) => void navigate({ to: '/contacts', search: { list: l.id, status: 'active' } });
  const reason = manages ? {} : { disabledReason: t('may_not_manage') };
  const actions = (l: List): RowAction[] => [
    { id: 'people', label: t('lists.show_contacts'), icon: IconUsers, run: () => people(l) },
    { id: 'edit', label: t('edit'), icon: IconPencil, run: () => setEditing(l), ...reason },
    { id: 'delete', label: t('lists.delete'), icon: IconTrash, danger: true, run: () => setDeleting(l), ...reason },
  ];
  return (
    <AudiencePage
      area="lists"
      icon={IconMailbox}
      manages={manages}
      search={search}
      go={go}
      query={lists}
      rows={rows}
      columns={columns}
      actions={actions}
      onOpen={people}
      height="auto"
    >
      {search.create && manages ? <ListDialog list={null} onClose={() => go(search.q ? { q: search.q } : {})} /> : null}
      {editing ? <ListDialog list={editing} onClose={() => setEditing(null)} /> : null}
      {deleting ? <DeleteList list={deleting} onClose={() => setDeleting(null)} /> : null}
    </AudiencePage>
  );
}
