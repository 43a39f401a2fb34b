import { allows, useSession } from '@/api/session';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridSelection, GridSort } from '@/ui/grid/types';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contactsRoute } from '../routes';
import { BulkBar } from './BulkBar';
import { contactColumns } from './columns';
import { useContactList, type ContactRow } from './contactList';
import { ContactsEmpty } from './ContactsEmpty';
import { ContactTools } from './ContactTools';
import { CreateContactDialog } from './CreateContactDialog';
import { PeekPanel } from './PeekPanel';
import { DeleteContacts } from './DeleteContacts';
import { rememberWalk } from '../walk';
import { isFiltered, readSearch, type ContactSearch } from './search';
import { useContactActions } from './useContactActions';
import { useHeaderActions } from './useHeaderActions';

const rowId = (c: ContactRow) => String(c.id);
const readSort = (text: string | undefined): GridSort =>
  text === undefined ? { id: 'created', desc: true } : { id: text.replace(/^-/, ''), desc: text.startsWith('-') };

/** `/contacts`: all contacts, searched, filtered, chosen and worked on together. */
export function ContactsPage() {
  const { t } = useTranslation(['contacts', 'ui']);
  const session = useSession();
  const manages = allows(session, 'manage_contacts');
  const raw = contactsRoute.useSearch();
  const search = useMemo(() => readSearch(raw), [raw]);
  const navigate = useNavigate();
  const [selection, setSelection] = useState<GridSelection>(new Set());
  const [deleting, setDeleting] = useState<readonly ContactRow[]>([]);
  const list = useContactList(search);
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const columns = useMemo(() => contactColumns(t), [t]);
  const first = list.data?.pages[0];
  const chosen = rows.filter((r) => selection.has(rowId(r)));

  const change = (part: Partial<Record<keyof ContactSearch, unknown>>, replace = true) =>
    void navigate({ to: '/contacts', search: { ...search, ...part }, replace });
  const filter = (part: Partial<Record<keyof ContactSearch, unknown>>) => {
    setSelection(new Set());
    change(part);
  };
  const open = (c: ContactRow) => {
    rememberWalk(rows.map((r) => r.id));
    void navigate({ to: '/contacts/$contactId', params: { contactId: String(c.id) } });
  };
  const total = (n: number) =>
    first?.total_is_capped ? t('total_capped', { n: formatNumber(n) }) : t('total', { count: n, n: formatNumber(n) });
  const rowActions = useContactActions({ open, peek: (c) => change({ peek: c.id }), remove: (c) => setDeleting([c]) });
  const header = useHeaderActions({ search, manages, create: () => change({ create: true }) });

  return (
    <Page wide>
      <PageHeader title={t('title')} {...(first ? { subtitle: total(first.total) } : {})} {...header} />
      <ContactTools search={search} onChange={filter} />
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={rowId}
        columns={columns}
        total={first && !first.total_is_capped ? first.total : null}
        totalLabel={total}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<ContactsEmpty filtered={isFiltered(search)} onClear={() => void navigate({ to: '/contacts' })} />}
        hasNextPage={list.hasNextPage}
        fetchingNextPage={list.isFetchingNextPage}
        fetchNextPage={() => void list.fetchNextPage()}
        sort={readSort(search.sort)}
        onSort={(s) => filter({ sort: `${s.desc ? '-' : ''}${s.id}` })}
        {...(manages ? { selection, onSelection: setSelection } : {})}
        onOpen={open}
        onPeek={(c) => change({ peek: c.id })}
        rowActions={rowActions}
        height="calc(100dvh - 172px)"
      />
      {chosen.length > 0 ? (
        <BulkBar contacts={chosen} onDone={() => setSelection(new Set())} onDelete={() => setDeleting(chosen)} />
      ) : null}
      <DeleteContacts
        contacts={deleting}
        onClose={() => setDeleting([])}
        onDone={() => {
          setDeleting([]);
          setSelection(new Set());
        }}
      />
      <PeekPanel contactId={search.peek ?? null} onClose={() => change({ peek: undefined })} />
      <CreateContactDialog opened={search.create === true && manages} onClose={() => change({ create: undefined })} />
    </Page>
  );
}
