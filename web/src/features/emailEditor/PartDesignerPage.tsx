import { api, client } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { Alert, Anchor } from '@mantine/core';
import { IconShare3 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Designer } from './Designer';
import { writeSection } from './document/read';
import type { MailContent } from './document/store';
import { readContent } from './saving/content';

type Part = { name: string; section: unknown };
const contentOf = (part: Part): MailContent => readContent({ name: part.name, design: { sections: [part.section] } });

/** A part kept for other mails, in the editor of mails; of a shared one it says which mails change with it. */
export function PartDesignerPage() {
  const { t } = useTranslation('emailEditor');
  const id = Number((useParams({ strict: false }) as { id?: string }).id);
  const queryClient = useQueryClient();
  const revision = useRef<number | null>(null);
  const query = api.useQuery(
    'get',
    '/api/app/design-parts/{id}',
    { params: { path: { id } } },
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <PageSkeleton />;
  const { part, places } = query.data;
  return (
    <Designer
      key={id}
      isPart
      content={contentOf(part)}
      back={{ to: '/blocks', place: 'parts' }}
      notice={
        part.is_shared ? (
          <Alert
            color="indigo"
            radius={0}
            icon={<IconShare3 size={18} aria-hidden />}
            title={t('parts.affects', { count: part.used_in })}
          >
            {places.slice(0, 5).map((place, i) => (
              <span key={place.message_id}>
                {i > 0 ? ', ' : ''}
                <Anchor
                  component={AppLink}
                  to={place.automation_id ? '/automations/$id' : '/messages/$id'}
                  params={{ id: String(place.automation_id ?? place.message_id) } as never}
                  size="sm"
                >
                  {place.name}
                </Anchor>
              </span>
            ))}
            {places.length > 5 ? ` ${t('parts.and_more', { count: part.used_in - 5 })}` : ''}
          </Alert>
        ) : null
      }
      save={async (content) => {
        const section = content.design.sections[0];
        if (!section || content.design.sections.length !== 1) throw new Error(t('parts.one_section'));
        const { data } = await client.PUT('/api/app/design-parts/{id}', {
          params: { path: { id }, header: { 'If-Match': `"${revision.current ?? part.revision}"` } },
          body: {
            name: content.name.trim() || part.name,
            category: part.category,
            is_shared: part.is_shared,
            is_block: part.is_block,
            section: writeSection(section) as never,
          },
        });
        revision.current = data?.part.revision ?? null;
        void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/design-parts'] });
      }}
      loadTheirs={async () => {
        const { data } = await client.GET('/api/app/design-parts/{id}', { params: { path: { id } } });
        if (data === undefined) throw new Error('The part could not be loaded.');
        revision.current = data.part.revision;
        return contentOf(data.part);
      }}
    />
  );
}
