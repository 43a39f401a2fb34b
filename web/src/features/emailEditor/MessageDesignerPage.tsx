import { api, client } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { useParams } from '@tanstack/react-router';
import { Designer } from './Designer';
import { readContent, toInput } from './saving/content';

/** A mail of its own. */
export function MessageDesignerPage() {
  const id = Number((useParams({ strict: false }) as { id?: string }).id);
  const query = api.useQuery(
    'get',
    '/api/app/messages/{id}',
    { params: { path: { id } } },
    { staleTime: Infinity, gcTime: 0, refetchOnReconnect: false },
  );
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const message = query.data;
  if (message === undefined) return <PageSkeleton />;
  const { kind, track_opens, track_clicks } = message;
  return (
    <Designer
      key={id}
      content={readContent(message)}
      messageId={id}
      back={{ to: '/', place: 'home' }}
      save={async (content) => {
        await client.PUT('/api/app/messages/{id}', {
          params: { path: { id } },
          body: { ...toInput(content), kind, track_opens, track_clicks },
        });
      }}
    />
  );
}
