import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Alert, Anchor, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { cardText } from '../model/cardText';
import { findStep } from '../model/document';
import { PanelFrame } from '../panel/PanelFrame';
import classes from '../panel/panel.module.css';
import { errorText } from '../model/errorText';
import { loadWaiting, retryGroup } from './waiting';

/** For every step who stands there, since when, and what looks wrong about it; stuck ones by their reason. */
export function WaitingPanel() {
  const { t } = useTranslation(['simulator', 'automations']);
  const { automationId: id, index, store } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const queryClient = useQueryClient();
  const report = useQuery({
    queryKey: ['automations', id, 'waiting'],
    queryFn: ({ signal }) => loadWaiting(id, signal),
    refetchInterval: 15_000,
  });
  const retry = useMutation({
    mutationFn: (group: { step: string; error: string } | null) => retryGroup(id, group),
    onSuccess: ({ retried }) => {
      toast(t('waiting.retried', { count: retried, number: formatNumber(retried) }));
      void queryClient.invalidateQueries({ queryKey: ['automations', id] });
    },
    onError: toastProblem,
  });
  const nameOf = (key: string) => {
    const step = findStep(document, key, index.branchesOf)?.step;
    return step ? cardText(step, index, summary).title : t('run.removed_step', { ns: 'automations' });
  };
  const { steps = [], parked = [] } = report.data ?? {};
  const stuckAt = (key: string) => parked.reduce((sum, g) => sum + (g.step_id === key ? g.count : 0), 0);
  const here = (count: number) => t('waiting.here', { count, number: formatNumber(count) });
  return (
    <PanelFrame title={t('waiting.title')}>
      {report.isPending ? <Skeleton height={120} /> : null}
      {report.error ? <ErrorState error={report.error} onRetry={() => void report.refetch()} /> : null}
      {report.data && steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('waiting.none')}
        </Text>
      ) : null}
      <ul className={classes.list} aria-label={t('waiting.title')}>
        {steps.map((step) => (
          <li key={step.step_id} style={{ marginBottom: 18 }}>
            <Text size="sm" fw={600}>
              {nameOf(step.step_id)}
            </Text>
            <Text size="xs" c="dimmed" mb={4}>
              <Anchor
                component="button"
                size="xs"
                onClick={() => store.getState().show({ kind: 'people', step: step.step_id })}
              >
                {here(step.here)}
              </Anchor>{' '}
              · {t('waiting.longest')} <When at={step.longest_since} />
              {step.next_due ? (
                <>
                  {' '}
                  · {t('waiting.next')} <When at={step.next_due} />
                </>
              ) : null}
            </Text>
            {stuckAt(step.step_id) > 0 ? (
              <Text size="xs" c="var(--mantine-color-error)">
                <IconAlertTriangle size={14} style={{ verticalAlign: '-2px' }} aria-hidden />{' '}
                {t('waiting.stuck_here', {
                  count: stuckAt(step.step_id),
                  number: formatNumber(stuckAt(step.step_id)),
                })}
              </Text>
            ) : step.flags.length === 0 ? (
              <Text size="xs" c="dimmed">
                <IconCircleCheck size={14} style={{ verticalAlign: '-2px' }} aria-hidden /> {t('waiting.fine')}
              </Text>
            ) : null}
            {step.flags.map((flag) => (
              <Alert key={flag.code} color="yellow" icon={<IconAlertTriangle size={16} />} p="xs" mt={4}>
                <Text size="xs">
                  <strong className="tabular">{here(flag.count)}</strong> –{' '}
                  {t(`waiting.flag.${flag.code}`, { count: flag.days ?? 0, number: formatNumber(flag.days ?? 0) })}
                </Text>
              </Alert>
            ))}
          </li>
        ))}
      </ul>
      {parked.length > 0 ? (
        <section aria-labelledby="stuck-by-reason">
          <Group justify="space-between" mb={8}>
            <Text id="stuck-by-reason" component="h3" size="sm" fw={600} m={0}>
              {t('waiting.stuck')}
            </Text>
            <Button
              size="compact-xs"
              variant="default"
              loading={retry.isPending}
              leftSection={<IconRefresh size={12} aria-hidden />}
              onClick={() => retry.mutate(null)}
            >
              {t('waiting.retry_all')}
            </Button>
          </Group>
          <ul className={classes.list}>
            {parked.map((group) => (
              <li key={`${group.step_id} ${group.error}`} className={classes.row}>
                <div className={classes.grow}>
                  <Text size="sm">{nameOf(group.step_id)}</Text>
                  <Text size="xs" c="var(--mantine-color-error)">
                    {errorText(group.error, t)}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {here(group.count)} · {t('waiting.longest')} <When at={group.longest_since} />
                  </Text>
                </div>
                <Button
                  size="compact-xs"
                  variant="light"
                  loading={retry.isPending}
                  onClick={() => retry.mutate({ step: group.step_id, error: group.error })}
                >
                  {t('waiting.retry')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </PanelFrame>
  );
}
