import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { PageHeader } from '@/ui/PageHeader';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { ActionIcon, Button, Group, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMessage2, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ResponseDialog } from './ResponseDialog';

export type ResponseItem = components['schemas']['SavedResponseResponseItem'];
export const responsesKey = ['get', '/api/app/saved-responses'];

/** Texts for 1:1 e-mails that are written again and again. */
export function SavedResponsesPage() {
  const { t } = useTranslation('settings');
  const manages = allows(useSession(), 'manage_messages');
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const [category, setCategory] = useState<string | null>(null);
  const list = api.useQuery('get', '/api/app/saved-responses', {
    params: { query: { search: asked, limit: 500, ...(category === null ? {} : { category: Number(category) }) } },
  });
  const [edited, setEdited] = useState<ResponseItem | 'new' | null>(null);
  const [deleted, setDeleted] = useState<ResponseItem | null>(null);
  const [dropped, setDropped] = useState<{ id: number; name: string } | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: responsesKey });
  const remove = api.useMutation('delete', '/api/app/saved-responses/{id}', {
    onSuccess: async () => {
      toast(t('responses.deleted'));
      await refresh();
    },
    onError: toastProblem,
  });
  const removeCategory = api.useMutation('delete', '/api/app/saved-response-categories/{id}', {
    onSuccess: async () => {
      toast(t('responses.category_deleted'));
      setCategory(null);
      await refresh();
    },
    onError: toastProblem,
  });
  const rows = list.data?.responses ?? [];
  const categories = list.data?.categories ?? [];
  const chosen = categories.find((c) => String(c.id) === category);
  const isFiltered = asked !== '' || category !== null;
  const columns: GridColumn<ResponseItem>[] = [
    { id: 'title', header: t('responses.name'), size: 220, cell: (r) => r.title },
    { id: 'subject', header: t('responses.subject'), size: 300, cell: (r) => r.subject },
    { id: 'category', header: t('responses.category'), size: 150, cell: (r) => r.category ?? '–' },
    {
      id: 'used',
      header: t('responses.used'),
      size: 130,
      cell: (r) => (r.last_sent_at ? <When at={r.last_sent_at} /> : t('responses.never')),
    },
    { id: 'when', header: t('responses.changed'), size: 130, cell: (r) => <When at={r.updated_at} /> },
  ];
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
      {t('responses.add')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('responses.title')}
        area={t('title')}
        subtitle={t('responses.text')}
        {...(manages && (rows.length > 0 || isFiltered) ? { main: add } : {})}
      />
      {rows.length > 0 || isFiltered || categories.length > 0 ? (
        <Group mb="md" gap="sm">
          <TextInput
            aria-label={t('responses.search')}
            placeholder={t('responses.search')}
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
            w={260}
          />
          <Select
            aria-label={t('responses.category')}
            placeholder={t('responses.all')}
            clearable
            data={[
              { value: '0', label: t('responses.no_category') },
              ...categories.map((c) => ({ value: String(c.id), label: `${c.name} (${c.responses})` })),
            ]}
            value={category}
            onChange={setCategory}
            w={220}
          />
          {manages && chosen ? (
            <Tooltip label={t('responses.delete_category')}>
              <ActionIcon
                variant="default"
                size={34}
                aria-label={t('responses.delete_category')}
                onClick={() => setDropped(chosen)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </Group>
      ) : null}
      <DataGrid
        label={t('responses.title')}
        rows={rows}
        rowId={(r) => String(r.id)}
        columns={columns}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={false}
        fetchingNextPage={false}
        fetchNextPage={() => {}}
        height={rows.length > 12 ? 'calc(100dvh - 280px)' : 'auto'}
        rowActions={(r: ResponseItem) =>
          manages
            ? [
                { id: 'edit', label: t('responses.edit'), icon: IconPencil, run: () => setEdited(r) },
                { id: 'delete', label: t('responses.delete'), icon: IconTrash, danger: true, run: () => setDeleted(r) },
              ]
            : []
        }
        empty={
          isFiltered ? (
            <EmptyState icon={IconMessage2} title={t('responses.no_match')} text="" />
          ) : (
            <EmptyState
              icon={IconMessage2}
              title={t('responses.none')}
              text={t('responses.none_text')}
              action={manages ? add : undefined}
            />
          )
        }
      />
      {edited === null ? null : (
        <ResponseDialog
          response={edited === 'new' ? null : edited}
          categories={categories}
          onClose={() => setEdited(null)}
        />
      )}
      {deleted === null ? null : (
        <ConfirmDialog
          opened
          danger
          onClose={() => setDeleted(null)}
          title={t('responses.delete_title', { title: deleted.title })}
          effect={t('responses.delete_effect')}
          confirmLabel={t('responses.delete_confirm')}
          onConfirm={() => remove.mutateAsync({ params: { path: { id: deleted.id } } }).catch(() => {})}
        />
      )}
      {dropped === null ? null : (
        <ConfirmDialog
          opened
          danger
          onClose={() => setDropped(null)}
          title={t('responses.delete_title', { title: dropped.name })}
          effect={t('responses.category_effect')}
          confirmLabel={t('responses.delete_category')}
          onConfirm={() => removeCategory.mutateAsync({ params: { path: { id: dropped.id } } }).catch(() => {})}
        />
      )}
    </>
  );
}
