import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { useConditionCatalogue } from '@/ui/conditions/useConditionCatalogue';
import { useQuery } from '@tanstack/react-query';
import { segmentRoute } from '../routes';
import { readSegment, segmentKey } from '../segments';
import { SegmentEditor } from './SegmentEditor';

/** `/segments/:id` and `/segments/new` */
export function SegmentPage() {
  const { segmentId } = segmentRoute.useParams();
  const isNew = segmentId === 'new';
  const catalogue = useConditionCatalogue();
  // What is open is the editor's; the server's is asked once per visit.
  const segment = useQuery({
    queryKey: segmentKey(Number(segmentId)),
    queryFn: ({ signal }) => readSegment(Number(segmentId), signal),
    enabled: !isNew,
    gcTime: 0,
    staleTime: Infinity,
    refetchOnMount: 'always',
  });
  const error = catalogue.error ?? segment.error;
  if (error) {
    const retry = () => void Promise.all([catalogue.refetch(), ...(isNew ? [] : [segment.refetch()])]);
    return (
      <Page>
        <ErrorState error={error} onRetry={retry} />
      </Page>
    );
  }
  if (!catalogue.data || (!isNew && !segment.data)) return <PageSkeleton />;
  return <SegmentEditor key={segmentId} opened={segment.data ?? null} catalogue={catalogue.data} />;
}
