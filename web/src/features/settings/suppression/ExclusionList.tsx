import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import type { GridColumn } from '@/ui/grid/types';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Group } from '@mantine/core';
import { IconBan, IconFileImport, IconPlus, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddExclusionDialog } from './AddExclusionDialog';
import { AddressGrid } from './AddressGrid';
import { exclusionsKey } from './exclusionsKey';
import { ImportExclusionsDialog } from './ImportExclusionsDialog';

type Exclusion = components['schemas']['ExclusionsExclusion'];

/** Addresses and domains that people keep; taking one off lets mail through again. */
export function ExclusionList() {
  const { t } = useTranslation('settings');
  const manages = allows(useSession(), 'manage_contacts');
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');
  const [dialog, setDialog] = useState<'add' | 'import' | null>(null);
  const list = useInfiniteQuery({
    queryKey: [...exclusionsKey, search],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 100, ...(search ? { search } : {}), ...(pageParam ? { before: pageParam } : {}) };
      const { data } = await client.GET('/api/app/exclusions', { params: { query }, signal });
      return data ?? { exclusions: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const remove = api.useMutation('delete', '/api/app/exclusions/{id}', {
    onSuccess: async () => {
      toast(t('suppression.removed'));
      await queryClient.invalidateQueries({ queryKey: exclusionsKey });
    },
    onError: toastProblem,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.exclusions) ?? [], [list.data]);
  const columns: GridColumn<Exclusion>[] = [
    { id: 'pattern', header: t('suppression.pattern'), size: 320, cell: (e) => e.pattern },
    { id: 'mode', header: t('suppression.mode'), size: 190, cell: (e) => t(`suppression.modes.${e.mode}`) },
    {
      id: 'lists',
      header: t('suppression.scope'),
      size: 150,
      cell: (e) =>
        e.list_ids ? t('suppression.some_lists', { count: e.list_ids.length }) : t('suppression.all_lists'),
    },
    { id: 'when', header: t('suppression.added'), size: 140, cell: (e) => <When at={e.created_at} /> },
  ];
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('add')}>
      {t('suppression.add')}
    </Button>
  );
  const importButton = (
    <Button
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
      onClick={() => setDialog('import')}
    >
      {t('suppression.import')}
    </Button>
  );
  return (
    <>
      <Group mb="sm" justify="space-between">
        <SearchInput label={t('suppression.search')} value={search} onChange={setSearch} />
        {manages && (rows.length > 0 || search !== '') ? (
          <Group gap="sm">
            {importButton}
            {add}
          </Group>
        ) : null}
      </Group>
      <AddressGrid
        label={t('suppression.by_you')}
        rows={rows}
        rowId={(e) => String(e.id)}
        columns={columns}
        query={list}
        actions={
          manages
            ? (e: Exclusion) => [
                {
                  id: 'remove',
                  label: t('suppression.remove'),
                  icon: IconTrash,
                  danger: true,
                  run: () => remove.mutate({ params: { path: { id: e.id } } }),
                },
              ]
            : null
        }
        empty={
          <EmptyState
            icon={IconBan}
            title={t(search ? 'suppression.no_match' : 'suppression.none')}
            text={t(search ? 'suppression.no_match_text' : 'suppression.none_text')}
            action={manages && !search ? add : undefined}
            second={manages && !search ? importButton : undefined}
          />
        }
      />
      {dialog === 'add' ? <AddExclusionDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'import' ? <ImportExclusionsDialog onClose={() => setDialog(null)} /> : null}
    </>
  );
}
