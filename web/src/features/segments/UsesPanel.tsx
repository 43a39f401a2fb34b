import { ErrorState } from '@/ui/ErrorState';
import { SidePanel } from '@/ui/SidePanel';
import { Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SegmentRow } from './segments';
import { useUses } from './useUses';
import { UsesList } from './UsesList';

export function UsesPanel({
  segment,
  onClose,
}: {
  segment: Pick<SegmentRow, 'id' | 'name'> | null;
  onClose: () => void;
}) {
  const { t } = useTranslation('segments');
  return (
    <SidePanel opened={segment !== null} onClose={onClose} title={t('uses.title', { name: segment?.name ?? '' })}>
      {segment === null ? null : <Uses id={segment.id} />}
    </SidePanel>
  );
}

/** Where a segment is used, in words. */
export function Uses({ id }: { id: number }) {
  const { t } = useTranslation('segments');
  const uses = useUses(id);
  if (uses.error) return <ErrorState error={uses.error} onRetry={() => void uses.refetch()} />;
  if (uses.data === undefined) return <Skeleton height={48} />;
  return uses.data.length === 0 ? (
    <Text size="sm" c="dimmed">
      {t('uses.none')}
    </Text>
  ) : (
    <UsesList places={uses.data} />
  );
}
