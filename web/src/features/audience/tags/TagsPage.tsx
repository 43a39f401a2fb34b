import { allows, useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { RowAction } from '@/ui/grid/types';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { Button, Group } from '@mantine/core';
import {
  IconGitMerge,
  IconPencil,
  IconPlus,
  IconTag,
  IconTrash,
  IconUsers,
  IconZoomQuestion,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAudienceSearch } from '../audienceSearch';
import { tagsRoute } from '../routes';
import { DeleteTag } from './DeleteTag';
import { MergeTag } from './MergeTag';
import { tagColumns } from './tagColumns';
import { TagDialog } from './TagDialog';
import { useTags, type Tag } from './useTags';

const rowId = (tag: Tag) => String(tag.id);
type Work = { kind: 'edit' | 'merge' | 'delete'; tag: Tag };

/** `/tags`: labels on contacts, with how many carry each. */
export function TagsPage() {
  const { t } = useTranslation('audience');
  const manages = allows(useSession(), 'manage_tags');
  const search = readAudienceSearch(tagsRoute.useSearch());
  const navigate = useNavigate();
  const [work, setWork] = useState<Work | null>(null);
  const q = search.q ?? '';
  const tags = useTags(q);
  const rows = useMemo(() => tags.data?.pages.flatMap((p) => p.items) ?? [], [tags.data]);
  const columns = useMemo(() => tagColumns(t), [t]);
  const go = (next: typeof search) => void navigate({ to: '/tags', search: next, replace: true });
  const create = () => go({ ...search, create: true });
  const people = (tag: Tag) => void navigate({ to: '/contacts', search: { tag: tag.id } });
  const close = () => setWork(null);
  usePageActions(manages ? [{ id: 'tags.create', label: t('tags.create'), icon: IconPlus, run: create }] : []);
  const reason = manages ? {} : { disabledReason: t('may_not_manage') };
  const does = (kind: Work['kind'], tag: Tag) => ({ run: () => setWork({ kind, tag }), ...reason });
  const actions = (tag: Tag): RowAction[] => [
    { id: 'people', label: t('tags.show_contacts'), icon: IconUsers, run: () => people(tag) },
    { id: 'edit', label: t('tags.rename'), icon: IconPencil, ...does('edit', tag) },
    { id: 'merge', label: t('tags.merge'), icon: IconGitMerge, ...does('merge', tag) },
    { id: 'delete', label: t('tags.delete'), icon: IconTrash, danger: true, ...does('delete', tag) },
  ];
  const createButton = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t('tags.create')}
    </Button>
  ) : null;
  return (
    <Page wide>
      <PageHeader title={t('tags.title')} subtitle={t('tags.subtitle')} main={createButton} />
      <Group mb="sm">
        <SearchInput label={t('tags.search')} value={q} onChange={(text) => go(text ? { q: text } : {})} />
      </Group>
      <DataGrid
        label={t('tags.title')}
        rows={rows}
        rowId={rowId}
        columns={columns}
        totalLabel={(n) => t('tags.total', { count: n })}
        loading={tags.isPending}
        error={tags.error}
        onRetry={() => void tags.refetch()}
        hasNextPage={tags.hasNextPage}
        fetchingNextPage={tags.isFetchingNextPage}
        fetchNextPage={() => void tags.fetchNextPage()}
        onOpen={people}
        rowActions={actions}
        height={rows.length > 18 ? 'calc(100dvh - 172px)' : 'auto'}
        empty={
          q === '' ? (
            <EmptyState
              icon={IconTag}
              title={t('tags.empty.title')}
              text={t('tags.empty.text')}
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
      {search.create && manages ? <TagDialog tag={null} onClose={() => go(q ? { q } : {})} /> : null}
      {work?.kind === 'edit' ? <TagDialog tag={work.tag} onClose={close} /> : null}
      {work?.kind === 'merge' ? <MergeTag tag={work.tag} onClose={close} /> : null}
      {work?.kind === 'delete' ? <DeleteTag tag={work.tag} onClose={close} /> : null}
    </Page>
  );
}
