import { api, client } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { useParams, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { Designer } from './Designer';
import { messageInput, readContent } from './saving/content';

/** A mail of its own. */
export function MessageDesignerPage() {
  const id = Number((useParams({ strict: false }) as { id?: string }).id);
  // Of a campaign's mail the way back leads to the campaign.
  const { campaign } = useSearch({ strict: false }) as { campaign?: number };
  const query = api.useQuery(
    'get',
    '/api/app/messages/{id}',
    { params: { path: { id } } },
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  const revision = useRef<number | null>(null);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const message = query.data;
  if (message === undefined) return <PageSkeleton />;
  // A campaign says itself whether answers to its mails are tracked.
  const read = (stored: typeof message) =>
    campaign === undefined ? { ...readContent(stored), track_replies: stored.track_replies } : readContent(stored);
  return (
    <Designer
      key={id}
      content={read(message)}
      messageId={id}
      back={
        campaign === undefined
          ? { to: '/messages', place: 'messages' }
          : { to: `/campaigns/${campaign}`, place: 'campaign' }
      }
      save={async (content) => {
        const { data } = await client.PUT('/api/app/messages/{id}', {
          params: { path: { id }, header: { 'If-Match': `"${revision.current ?? message.revision}"` } },
          body: messageInput(content, message),
        });
        revision.current = data?.revision ?? null;
      }}
      loadTheirs={async () => {
        const { data } = await client.GET('/api/app/messages/{id}', { params: { path: { id } } });
        if (data === undefined) throw new Error('The message could not be loaded.');
        revision.current = data.revision;
        return read(data);
      }}
    />
  );
}
