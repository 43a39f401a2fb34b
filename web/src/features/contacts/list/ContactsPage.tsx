import { allows, useSession } from '@/api/session';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridSort } from '@/ui/grid/types';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contactsRoute } from '../routes';
import { BulkBar } from './BulkBar';
import { ColumnsMenu } from './ColumnsMenu';
import { useContactList, type ContactRow } from './contactList';
import { ContactsEmpty } from './ContactsEmpty';
import { ContactTools } from './ContactTools';
import { CreateContactDialog } from './CreateContactDialog';
import { PeekPanel } from './PeekPanel';
import { DeleteContacts } from './DeleteContacts';
import { rememberWalk } from '../walk';
import { isFiltered, readSearch, type ContactSearch } from './search';
import { useChosen } from './useChosen';
import { useContactActions } from './useContactActions';
import { useExport } from './useExport';
import { useHeaderActions } from './useHeaderActions';
import { useLayout } from './useLayout';
import { ViewsMenu } from './ViewsMenu';

const AdvancedSearch = lazy(() => import('./AdvancedSearch').then((m) => ({ default: m.AdvancedSearch })));

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
  const [deleting, setDeleting] = useState<readonly ContactRow[]>([]);
  const look = useLayout(t);
  const list = useContactList(search, look.fieldIds);
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const first = list.data?.pages[0];
  const chosen = useChosen(rows, search);
  const exporting = useExport();

  const change = (part: Partial<Record<keyof ContactSearch, unknown>>, replace = true) =>
    void navigate({ to: '/contacts', search: { ...search, ...part }, replace });
  const filter = (part: Partial<Record<keyof ContactSearch, unknown>>) => {
    chosen.clear();
    change(part);
  };
  const open = (c: ContactRow) => {
    rememberWalk(rows.map((r) => r.id));
    void navigate({ to: '/contacts/$contactId', params: { contactId: String(c.id) } });
  };
  const total = (n: number) =>
    first?.total_is_capped ? t('total_capped', { n: formatNumber(n) }) : t('total', { count: n, n: formatNumber(n) });
  const allSelectable =
    !chosen.everyone && first !== undefined && (first.total_is_capped || first.total > chosen.count);
  const allLabel = first?.total_is_capped
    ? t('bulk.select_all_capped')
    : t('bulk.select_all', { n: formatNumber(first?.total ?? 0) });
  const rowActions = useContactActions({ open, peek: (c) => change({ peek: c.id }), remove: (c) => setDeleting([c]) });
  const header = useHeaderActions({ search, manages, create: () => change({ create: true }) });

  return (
    <Page wide>
      <PageHeader title={t('title')} {...(first ? { subtitle: total(first.total) } : {})} {...header} />
      <ContactTools search={search} onChange={filter} onOpen={change}>
        <ViewsMenu
          search={search}
          layout={look.layout}
          onShow={(view, to, layout) => {
            chosen.clear();
            if (layout) look.setLayout(layout);
            void navigate({ to: '/contacts', search: { ...to, view } });
          }}
        />
        <ColumnsMenu
          all={look.all}
          layout={look.layout}
          onLayout={look.setLayout}
          onReset={look.reset}
          isStandard={look.isStandard}
        />
      </ContactTools>
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={rowId}
        columns={look.columns}
        widths={look.layout.widths}
        onWidths={(widths) => look.setLayout({ ...look.layout, widths })}
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
        {...(manages ? { selection: chosen.shown, onSelection: chosen.select } : {})}
        onOpen={open}
        onPeek={(c) => change({ peek: c.id })}
        rowActions={rowActions}
        height="calc(100dvh - 172px)"
      />
      {chosen.count > 0 ? (
        <BulkBar
          selection={chosen.selection}
          count={chosen.count}
          {...(allSelectable ? { more: { label: allLabel, busy: chosen.busy, choose: chosen.chooseAll } } : {})}
          {...(allows(session, 'export_contacts') ? { onExport: () => exporting.start(chosen.selection) } : {})}
          onClear={chosen.clear}
        />
      ) : null}
      <DeleteContacts
        contacts={deleting}
        onClose={() => setDeleting([])}
        onDone={() => {
          setDeleting([]);
          chosen.clear();
        }}
      />
      {search.advanced ? (
        <Suspense fallback={null}>
          <AdvancedSearch
            search={search}
            manages={manages}
            onShow={(part) => filter({ ...part, advanced: undefined })}
            onClose={() => change({ advanced: undefined })}
          />
        </Suspense>
      ) : null}
      <PeekPanel contactId={search.peek ?? null} onClose={() => change({ peek: undefined })} />
      <CreateContactDialog opened={search.create === true && manages} onClose={() => change({ create: undefined })} />
    </Page>
  );
}
