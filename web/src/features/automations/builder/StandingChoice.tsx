import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { Box, Checkbox, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { loadStanding } from '../api/standing';
import { useBuilder } from './context';
import { StandingCounts } from './StandingCounts';

type Props = { chosen: boolean; onChange: (chosen: boolean) => void };

/** Whether contacts that match the triggers already come in too; never without being asked. Nothing where none can. */
export function StandingChoice({ chosen, onChange }: Props) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const standing = useQuery({
    queryKey: ['automations', automationId, 'standing'],
    queryFn: () => loadStanding(automationId),
    gcTime: 0,
  });
  if (standing.isPending) return <Skeleton height={48} />;
  if (standing.error) return <ErrorState error={standing.error} onRetry={() => void standing.refetch()} />;
  const { entering } = standing.data;
  if (entering === 0) return null;
  return (
    <Box>
      <Checkbox
        checked={chosen}
        onChange={(e) => onChange(e.currentTarget.checked)}
        label={t('standing.choice', { count: entering, number: formatNumber(entering) })}
        description={t('standing.choice_help')}
      />
      <Box pl={32} pt={6}>
        <StandingCounts standing={standing.data} />
      </Box>
    </Box>
  );
}
