import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { toastProblem } from '@/ui/toasts';
import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconBolt, IconMail, IconPencil, IconPlus, IconTrash, IconZoomQuestion } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageColumns } from './messageColumns';
import { NewMessageDialog } from './NewMessageDialog';
import { messagesRoute } from './routes';
import { useAutomationNames } from './useAutomationNames';

export type Message = components['schemas']['MessagesMessageItem'];
const messagesKey = ['get', '/api/app/messages'];

/** `/messages`: every mail, those of automation steps too; opened in the editor. */
export function MessagesPage() {
  const { t } = useTranslation('messages');
  const manages = allows(useSession(), 'manage_messages');
  const search = messagesRoute.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState<Message | null>(null);
  const q = search.q ?? '';
  const list = useInfiniteQuery({
    queryKey: [...messagesKey, q, search.of],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(q ? { search: q } : {}),
        ...(search.of ? { of: search.of } : {}),
        ...(pageParam ? { before: pageParam } : {}),
      };
      const { data } = await client.GET('/api/app/messages', { params: { query }, signal });
      return data ?? { messages: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const remove = api.useMutation('delete', '/api/app/messages/{id}', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: messagesKey }),
    onError: toastProblem,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.messages) ?? [], [list.data]);
  const automations = useAutomationNames(rows);
  const columns = useMemo(() => messageColumns(t, automations), [t, automations]);
  const go = (next: typeof search) => void navigate({ to: '/messages', search: next, replace: true });
  const create = () => go({ ...search, create: true });
  const open = (m: Message) =>
    void (m.automation_id === null
      ? navigate({ to: '/messages/$id' as string, params: { id: String(m.id) } as never })
      : navigate({ to: `/automations/${m.automation_id}/steps/${m.step_key}/email` as string }));
  usePageActions(manages ? [{ id: 'messages.create', label: t('create'), icon: IconPlus, run: create }] : []);
  const actions = (m: Message): RowAction[] => [
    { id: 'open', label: t('open'), icon: IconPencil, run: () => open(m) },
    ...(m.automation_id === null
      ? [
          {
            id: 'delete',
            label: t('delete'),
            icon: IconTrash,
            danger: true,
            run: () => setDeleting(m),
            ...(manages ? {} : { disabledReason: t('may_not') }),
          },
        ]
      : [
          {
            id: 'automation',
            label: t('open_automation'),
            icon: IconBolt,
            run: () =>
              void navigate({
                to: `/automations/${m.automation_id}` as string,
                search: { step: m.step_key } as never,
              }),
          },
        ]),
  ];
  const createButton = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t('create')}
    </Button>
  ) : null;
  const { create: creating, ...kept } = search;
  return (
    <Page wide>
      <PageHeader title={t('title')} subtitle={t('subtitle')} main={createButton} />
      <Group mb="sm">
        <SearchInput
          label={t('search')}
          value={q}
          onChange={(text) => go({ ...(search.of ? { of: search.of } : {}), ...(text ? { q: text } : {}) })}
        />
        <SegmentedControl
          aria-label={t('of.label')}
          value={search.of ?? ''}
          data={(['', 'own', 'automation'] as const).map((value) => ({ value, label: t(`of.${value || 'all'}`) }))}
          onChange={(of) =>
            go({ ...(q ? { q } : {}), ...(of === '' ? {} : { of: of as NonNullable<typeof search.of> }) })
          }
        />
      </Group>
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={(m) => String(m.id)}
        columns={columns}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={list.hasNextPage}
        fetchingNextPage={list.isFetchingNextPage}
        fetchNextPage={() => void list.fetchNextPage()}
        onOpen={open}
        rowActions={actions}
        height={rows.length > 18 ? 'calc(100dvh - 172px)' : 'auto'}
        empty={
          q === '' && search.of === undefined ? (
            <EmptyState icon={IconMail} title={t('empty.title')} text={t('empty.text')} action={createButton} />
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
      {creating && manages ? <NewMessageDialog onClose={() => go(kept)} /> : null}
      <ConfirmDialog
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('delete_title', { name: deleting?.name ?? '' })}
        effect={t('delete_effect')}
        confirmLabel={t('delete')}
        danger
        onConfirm={() => remove.mutateAsync({ params: { path: { id: deleting?.id ?? 0 } } }).catch(() => {})}
      />
    </Page>
  );
}
