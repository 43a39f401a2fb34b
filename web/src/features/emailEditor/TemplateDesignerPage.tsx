import { api, client } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { Designer } from './Designer';
import { readContent, toInput } from './saving/content';

/** A template of the account. */
export function TemplateDesignerPage() {
  const id = Number((useParams({ strict: false }) as { id?: string }).id);
  const queryClient = useQueryClient();
  const query = api.useQuery(
    'get',
    '/api/app/templates/{id}',
    { params: { path: { id } } },
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  const revision = useRef<number | null>(null);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const template = query.data;
  if (template === undefined) return <PageSkeleton />;
  return (
    <Designer
      key={id}
      content={readContent(template)}
      named
      back={{ to: '/templates', search: { category: 'custom' }, place: 'templates' }}
      save={async (content) => {
        const { name, subject, preheader, design, html, text } = toInput(content);
        const { data } = await client.PUT('/api/app/templates/{id}', {
          params: { path: { id }, header: { 'If-Match': `"${revision.current ?? template.revision}"` } },
          body: { name, subject, preheader, design, html, text, description: template.description } as never,
        });
        revision.current = data?.revision ?? null;
        void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/templates'] });
      }}
      loadTheirs={async () => {
        const { data } = await client.GET('/api/app/templates/{id}', { params: { path: { id } } });
        if (data === undefined) throw new Error('The template could not be loaded.');
        revision.current = data.revision;
        return readContent(data);
      }}
    />
  );
}
