import { Num } from '@/ui/Num';
import { formatInstant } from '@/ui/format';
import { Skeleton, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { countSegment, segmentsKey, type SegmentRow } from '../segments';

/** The last count; one that was not made since the last change is made now. */
export function CountCell({ segment }: { segment: SegmentRow }) {
  const { t } = useTranslation('segments');
  const counted = useQuery({
    queryKey: [...segmentsKey, 'count', segment.id, segment.updated_at],
    queryFn: ({ signal }) => countSegment(segment.id, signal),
    enabled: segment.count === null,
    staleTime: Infinity,
    retry: false,
  });
  if (counted.error)
    return (
      <Tooltip label={counted.error.message}>
        <Text size="sm" c="dimmed">
          {t('list.not_counted')}
        </Text>
      </Tooltip>
    );
  const count = counted.data?.count ?? segment.count;
  const at = counted.data?.counted_at ?? segment.counted_at;
  if (count === null) return <Skeleton height={12} width={48} ml="auto" />;
  return (
    <Tooltip label={at ? t('list.counted_at', { at: formatInstant(new Date(at)) }) : ''} disabled={!at}>
      <span>
        <Num value={count} />
      </span>
    </Tooltip>
  );
}
