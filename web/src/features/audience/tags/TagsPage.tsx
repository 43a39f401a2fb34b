import { allows, useSession } from '@/api/session';
import type { RowAction } from '@/ui/grid/types';
import { IconGitMerge, IconPencil, IconTag, IconTrash, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AudiencePage } from '../AudiencePage';
import { readAudienceSearch } from '../audienceSearch';
import { tagsRoute } from '../routes';
import { DeleteTag } from './DeleteTag';
import { MergeTag } from './MergeTag';
import { tagColumns } from './tagColumns';
import { TagDialog } from './TagDialog';
import { useTags, type Tag } from './useTags';

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
  const people = (tag: Tag) => void navigate({ to: '/contacts', search: { tag: tag.id } });
  const close = () => setWork(null);
  const reason = manages ? {} : { disabledReason: t('may_not_manage') };
  const does = (kind: Work['kind'], tag: Tag) => ({ run: () => setWork({ kind, tag }), ...reason });
  const actions = (tag: Tag): RowAction[] => [
    { id: 'people', label: t('tags.show_contacts'), icon: IconUsers, run: () => people(tag) },
    { id: 'edit', label: t('tags.rename'), icon: IconPencil, ...does('edit', tag) },
    { id: 'merge', label: t('tags.merge'), icon: IconGitMerge, ...does('merge', tag) },
    { id: 'delete', label: t('tags.delete'), icon: IconTrash, danger: true, ...does('delete', tag) },
  ];
  return (
    <AudiencePage
      area="tags"
      icon={IconTag}
      manages={manages}
      search={search}
      go={go}
      query={tags}
      rows={rows}
      columns={columns}
      actions={actions}
      onOpen={people}
      height={rows.length > 18 ? 'calc(100dvh - 172px)' : 'auto'}
    >
      {search.create && manages ? <TagDialog tag={null} onClose={() => go(q ? { q } : {})} /> : null}
      {work?.kind === 'edit' ? <TagDialog tag={work.tag} onClose={close} /> : null}
      {work?.kind === 'merge' ? <MergeTag tag={work.tag} onClose={close} /> : null}
      {work?.kind === 'delete' ? <DeleteTag tag={work.tag} onClose={close} /> : null}
    </AudiencePage>
  );
}
