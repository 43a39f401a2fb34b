import { api, client } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { toastProblem } from '@/ui/toasts';
import { Button, Group, Select } from '@mantine/core';
import {
  IconArchive,
  IconCalendarMonth,
  IconCopy,
  IconPencil,
  IconPlus,
  IconSend,
  IconTrash,
  IconZoomQuestion,
} from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listKey, type CampaignItem } from '../api';
import { campaignsRoute, views, type View } from '../routes';
import { campaignColumns } from './campaignColumns';

/** `/campaigns`: all of them by state, with what became of each. */
export function CampaignsPage() {
  const { t } = useTranslation('campaigns');
  const manages = allows(useSession(), 'manage_messages');
  const search = campaignsRoute.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState<CampaignItem | null>(null);
  const q = search.q ?? '';
  const list = useInfiniteQuery({
    queryKey: [...listKey, q, search.view],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        ...(q ? { search: q } : {}),
        ...(search.view ? { view: search.view } : {}),
        ...(pageParam ? { before: pageParam } : {}),
      };
      const { data } = await client.GET('/api/app/campaigns', { params: { query }, signal });
      return data ?? { campaigns: [], next: null, counts: {} };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const renew = () => queryClient.invalidateQueries({ queryKey: listKey });
  const open = (c: CampaignItem) => void navigate({ to: `/campaigns/${c.id}` as string });
  const copy = api.useMutation('post', '/api/app/campaigns/{id}/copy', {
    onSuccess: (made) => void navigate({ to: `/campaigns/${made.id}` as string }),
    onError: toastProblem,
  });
  const archive = api.useMutation('post', '/api/app/campaigns/{id}/archive', {
    onSuccess: renew,
    onError: toastProblem,
  });
  const remove = api.useMutation('delete', '/api/app/campaigns/{id}', { onSuccess: renew, onError: toastProblem });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.campaigns) ?? [], [list.data]);
  const columns = useMemo(() => campaignColumns(t), [t]);
  const counts = (list.data?.pages[0]?.counts ?? {}) as Record<string, number>;
  const go = (next: typeof search) => void navigate({ to: '/campaigns', search: next, replace: true });
  const actions = (c: CampaignItem): RowAction[] => {
    const path = { id: c.id };
    const denied = manages ? {} : { disabledReason: t('may_not') };
    const over = c.status === 'completed' || c.status === 'stopped' || c.status === 'draft';
    return [
      { id: 'open', label: t('open'), icon: IconPencil, run: () => open(c) },
      {
        id: 'copy',
        label: t('copy'),
        icon: IconCopy,
        run: () => copy.mutate({ params: { path }, body: { name: null, resend_to: null } }),
        ...denied,
      },
      ...(over && c.type !== 'automated'
        ? [
            {
              id: 'archive',
              label: t(c.is_hidden ? 'unarchive' : 'archive'),
              icon: IconArchive,
              run: () => archive.mutate({ params: { path }, body: { hidden: !c.is_hidden } }),
              ...denied,
            },
          ]
        : []),
      ...(c.status === 'draft' && c.started_at === null
        ? [{ id: 'delete', label: t('delete'), icon: IconTrash, danger: true, run: () => setDeleting(c), ...denied }]
        : []),
    ];
  };
  const createButton = manages ? (
    <Button component={AppLink} to="/campaigns/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('create')}
    </Button>
  ) : null;
  return (
    <Page wide>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          <Button
            component={AppLink}
            to="/campaigns/calendar"
            variant="default"
            leftSection={<IconCalendarMonth size={16} aria-hidden />}
          >
            {t('calendar')}
          </Button>
        }
        main={createButton}
      />
      <Group mb="sm">
        <SearchInput
          label={t('search')}
          value={q}
          onChange={(text) => go({ ...(search.view ? { view: search.view } : {}), ...(text ? { q: text } : {}) })}
        />
        <Select
          aria-label={t('views.label')}
          w={200}
          allowDeselect={false}
          value={search.view ?? ''}
          data={[
            { value: '', label: t('views.all') },
            ...views.map((v) => ({
              value: v,
              label: counts[v] ? `${t(`views.${v}`)} (${counts[v]})` : t(`views.${v}`),
            })),
          ]}
          onChange={(view) => go({ ...(q ? { q } : {}), ...(view ? { view: view as View } : {}) })}
        />
      </Group>
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={(c) => String(c.id)}
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
          q === '' && search.view === undefined ? (
            <EmptyState icon={IconSend} title={t('empty.title')} text={t('empty.text')} action={createButton} />
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
