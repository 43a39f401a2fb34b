import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridColumn } from '@/ui/grid/types';
import { When } from '@/ui/When';
import { Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconInbox, IconZoomQuestion } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { serverRoute, type ServerSearch } from '../routes';
import type { Server } from '../ServerPage';
import { MailPanel } from './MailPanel';
import { MailState } from './MailState';

type Mail = components['schemas']['SentMailsMailItem'];
const states = ['queued', 'delivered', 'bounced', 'opened', 'clicked', 'complained', 'suppressed'] as const;

/** Every mail of the server, newest first; one opens beside the list. */
export function ActivityTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const search = serverRoute.useSearch();
  const navigate = useNavigate();
  const { q = '', state, stream } = search;
  const go = (next: ServerSearch) =>
    void navigate({ to: `/transactional/${server.id}` as string, search: next as never, replace: true });
  const list = useInfiniteQuery({
    queryKey: ['get', '/api/app/mail-servers/{id}/mails', server.id, q, state, stream],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(q ? { search: q } : {}),
        ...(state ? { state } : {}),
        ...(stream ? { stream } : {}),
        ...(pageParam ? { before: pageParam } : {}),
      };
      const { data } = await client.GET('/api/app/mail-servers/{id}/mails', {
        params: { path: { id: server.id }, query },
        signal,
      });
      return data ?? { mails: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.mails) ?? [], [list.data]);
  const columns = useMemo<GridColumn<Mail>[]>(
    () => [
      { id: 'state', header: t('mail.state'), size: 150, cell: (m) => <MailState state={m.state} /> },
      {
        id: 'to',
        header: t('mail.to'),
        size: 240,
        cell: (m) => (m.to.length > 1 ? t('mail.and_more', { to: m.to[0], count: m.to.length - 1 }) : (m.to[0] ?? '')),
      },
      {
        id: 'subject',
        header: t('mail.subject'),
        size: 360,
        cell: (m) => (
          <Group gap={6} wrap="nowrap">
            <Text size="sm" truncate>
              {m.subject || t('mail.no_subject')}
            </Text>
            {m.tag ? (
              <Badge variant="light" color="gray" tt="none" fw={500}>
                {m.tag}
              </Badge>
            ) : null}
          </Group>
        ),
      },
      {
        id: 'read',
        header: t('mail.read'),
        size: 120,
        cell: (m) => (m.clicked ? t('mail.clicked') : m.opened ? t('mail.opened') : ''),
      },
      { id: 'stream', header: t('mail.stream'), size: 120, cell: (m) => m.stream },
      { id: 'at', header: t('mail.at'), size: 130, cell: (m) => <When at={m.submitted_at} /> },
    ],
    [t],
  );
  const filtered = q !== '' || state !== undefined || stream !== undefined;
  const { mail, ...kept } = search;
  return (
    <>
      <Group mb="sm">
        <SearchInput
          label={t('mail.search')}
          value={q}
          onChange={(text) => go({ ...kept, q: text || undefined } as ServerSearch)}
        />
        <Select
          aria-label={t('mail.state')}
          placeholder={t('mail.any_state')}
          clearable
          w={170}
          value={state ?? null}
          data={states.map((value) => ({ value, label: t(`state.${value}`) }))}
          onChange={(value) => go({ ...kept, state: value ?? undefined } as ServerSearch)}
        />
        <Select
          aria-label={t('mail.stream')}
          placeholder={t('mail.any_stream')}
          clearable
          w={190}
          value={stream ?? null}
          data={server.streams.filter((s) => s.kind !== 'inbound').map((s) => ({ value: s.key, label: s.name }))}
          onChange={(value) => go({ ...kept, stream: value ?? undefined } as ServerSearch)}
        />
      </Group>
      <DataGrid
        label={t('tab.activity')}
        rows={rows}
        rowId={(m) => String(m.id)}
        columns={columns}
        loading={list.isPending}
        error={list.error}
        onRetry={() => void list.refetch()}
        hasNextPage={list.hasNextPage}
        fetchingNextPage={list.isFetchingNextPage}
        fetchNextPage={() => void list.fetchNextPage()}
        onOpen={(m) => go({ ...kept, mail: m.id })}
        height={rows.length > 18 ? 'calc(100dvh - 232px)' : 'auto'}
        empty={
          filtered ? (
            <EmptyState
              icon={IconZoomQuestion}
              title={t('mail.no_match')}
              text={t('mail.no_match_text')}
              action={<Button onClick={() => go({})}>{t('mail.clear')}</Button>}
            />
          ) : (
            <EmptyState
              icon={IconInbox}
              title={t('mail.none')}
              text={t('mail.none_text')}
              action={<Button onClick={() => go({ tab: 'setup' })}>{t('mail.to_setup')}</Button>}
            />
          )
        }
      />
      <MailPanel id={mail} onClose={() => go(kept)} />
    </>
  );
}
