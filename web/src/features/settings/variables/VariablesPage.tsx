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
import { Button, Code } from '@mantine/core';
import { IconBraces, IconCopy, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VariableDialog } from './VariableDialog';

export type Variable = components['schemas']['VariableItem'];
export const variablesKey = ['get', '/api/app/message-variables'];

/** Texts that mails name like a tag, written once. */
export function VariablesPage() {
  const { t } = useTranslation('settings');
  const manages = allows(useSession(), 'manage_messages');
  const queryClient = useQueryClient();
  const list = api.useQuery('get', '/api/app/message-variables', {});
  const [edited, setEdited] = useState<Variable | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Variable | null>(null);
  const remove = api.useMutation('delete', '/api/app/message-variables/{id}', {
    onSuccess: async () => {
      toast(t('variables.deleted'));
      await queryClient.invalidateQueries({ queryKey: variablesKey });
    },
    onError: toastProblem,
  });
  const rows = list.data?.variables ?? [];
  const columns: GridColumn<Variable>[] = [
    { id: 'name', header: t('variables.name'), size: 190, cell: (v) => v.name },
    { id: 'tag', header: t('variables.tag'), size: 190, cell: (v) => <Code>%{v.tag}%</Code> },
    { id: 'content', header: t('variables.content'), size: 320, cell: (v) => v.content },
    {
      id: 'used',
      header: t('variables.used'),
      size: 120,
      cell: (v) => t('variables.used_count', { count: v.used_in }),
    },
    { id: 'when', header: t('variables.changed'), size: 130, cell: (v) => <When at={v.updated_at} /> },
  ];
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
      {t('variables.add')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('variables.title')}
        area={t('title')}
        subtitle={t('variables.text')}
        {...(manages && rows.length > 0 ? { main: add } : {})}
      />
      <DataGrid
        label={t('variables.title')}
        rows={rows}
        rowId={(v) => String(v.id)}
        columns={columns}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={false}
        fetchingNextPage={false}
        fetchNextPage={() => {}}
        height={rows.length > 14 ? 'calc(100dvh - 220px)' : 'auto'}
        rowActions={(v: Variable) => [
          {
            id: 'copy',
            label: t('variables.copy'),
            icon: IconCopy,
            run: () => {
              void navigator.clipboard.writeText(`%${v.tag}%`);
              toast(t('variables.copied', { tag: v.tag }));
            },
          },
          ...(manages && !v.is_locked
            ? [
                { id: 'edit', label: t('variables.edit'), icon: IconPencil, run: () => setEdited(v) },
                {
                  id: 'delete',
                  label: t('variables.delete'),
                  icon: IconTrash,
                  danger: true,
                  run: () => setDeleted(v),
                },
              ]
            : []),
        ]}
        empty={
          <EmptyState
            icon={IconBraces}
            title={t('variables.none')}
            text={t('variables.none_text')}
            action={manages ? add : undefined}
          />
        }
      />
      {edited === null ? null : (
        <VariableDialog variable={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {deleted === null ? null : (
        <ConfirmDialog
          opened
          danger
          onClose={() => setDeleted(null)}
          title={t('variables.delete_title', { tag: deleted.tag })}
          effect={t('variables.delete_effect', { count: deleted.used_in })}
          confirmLabel={t('variables.delete_confirm')}
          onConfirm={() => remove.mutateAsync({ params: { path: { id: deleted.id } } }).catch(() => {})}
        />
      )}
    </>
  );
}
