import { ErrorState } from '@/ui/ErrorState';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Badge, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listVersions, restoreVersion } from '../api/automations';
import { useBuilder } from '../builder/context';
import { PanelFrame } from './PanelFrame';
import classes from './panel.module.css';

type Props = { current: number | null; onRestored: () => void };

export function VersionsPanel({ current, onRestored }: Props) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const versions = useQuery({
    queryKey: ['automations', automationId, 'versions', current],
    queryFn: () => listVersions(automationId),
  });
  const restore = useMutation({
    mutationFn: (number: number) => restoreVersion(automationId, number),
    onSuccess: (_, number) => {
      onRestored();
      toast(t('versions.restored', { number }));
    },
    onError: toastProblem,
  });
  return (
    <PanelFrame title={t('versions.title')}>
      {versions.isPending ? <Skeleton height={80} /> : null}
      {versions.error ? <ErrorState error={versions.error} onRetry={() => void versions.refetch()} /> : null}
      {versions.data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('versions.none')}
        </Text>
      ) : null}
      <ul className={classes.list}>
        {versions.data?.map((v) => (
          <li key={v.number} className={classes.row}>
            <Stack gap={2} className={classes.grow}>
              <Text size="sm" fw={600}>
                {t('versions.number', { number: v.number })}{' '}
                {v.current ? (
                  <Badge size="sm" color="teal">
                    {t('versions.live')}
                  </Badge>
                ) : null}
              </Text>
              <Text size="xs" c="dimmed">
                <When at={v.published_at} mode="full" />
              </Text>
            </Stack>
            <Button
              variant="default"
              size="compact-sm"
              loading={restore.isPending && restore.variables === v.number}
              onClick={() => restore.mutate(v.number)}
            >
              {t('versions.restore')}
            </Button>
          </li>
        ))}
      </ul>
    </PanelFrame>
  );
}
