import { toast, toastProblem } from '@/ui/toasts';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { deleteSegment, refreshSegments, type SegmentRow } from './segments';
import { useUses } from './useUses';
import { UsesList } from './UsesList';

type Props = { segment: Pick<SegmentRow, 'id' | 'name'>; onClose: () => void; onDone?: () => void };

/** Says first who works with the segment; one in use is deleted only after its name was typed. */
export function DeleteSegment({ segment, onClose, onDone }: Props) {
  const { t } = useTranslation('segments');
  const uses = useUses(segment.id);
  const places = uses.data ?? [];
  const remove = async () => {
    try {
      // Not by force when nobody uses it: a place that came up meanwhile is then said by the server.
      await deleteSegment(segment.id, places.length > 0);
      toast(t('delete.done', { name: segment.name }));
      onDone?.();
    } catch (problem) {
      toastProblem(problem);
    }
    await refreshSegments();
  };
  const effect = uses.error ? (
    <ErrorState error={uses.error} onRetry={() => void uses.refetch()} />
  ) : uses.data === undefined ? (
    <Skeleton height={40} />
  ) : places.length === 0 ? (
    t('delete.unused')
  ) : (
    <Stack gap="sm">
      <Text size="sm">{t('delete.used', { count: places.length })}</Text>
      <UsesList places={places} />
    </Stack>
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('delete.title', { name: segment.name })}
      effect={<div>{effect}</div>}
      confirmLabel={t('delete.confirm')}
      {...(uses.data === undefined || places.length > 0 ? { typed: segment.name } : {})}
      danger
      onConfirm={remove}
    />
  );
}
