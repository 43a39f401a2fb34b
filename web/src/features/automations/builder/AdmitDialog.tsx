import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { loadStanding } from '../api/standing';
import { useBuilder } from './context';
import { StandingCounts } from './StandingCounts';

type Props = { opened: boolean; onClose: () => void; onAdmit: () => void };

/** Lets in who matches the triggers of an active automation already, the number shown first. */
export function AdmitDialog({ opened, onClose, onAdmit }: Props) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const standing = useQuery({
    queryKey: ['automations', automationId, 'standing'],
    queryFn: () => loadStanding(automationId),
    enabled: opened,
    gcTime: 0,
  });
  const entering = standing.data?.entering ?? 0;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={t('standing.title')}
      size="lg"
    >
      <Stack gap="md">
        <Text size="sm">{t('standing.text')}</Text>
        {standing.error ? <ErrorState error={standing.error} onRetry={() => void standing.refetch()} /> : null}
        {standing.data ? (
          <StandingCounts standing={standing.data} />
        ) : standing.isFetching ? (
          <Skeleton height={56} />
        ) : null}
        {standing.data && entering === 0 ? (
          <Text size="sm" c="dimmed">
            {t('standing.nobody')}
          </Text>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel', { ns: 'common' })}
          </Button>
          <Button data-autofocus disabled={entering === 0} onClick={onAdmit}>
            {t('standing.admit', { count: entering, number: formatNumber(entering) })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
