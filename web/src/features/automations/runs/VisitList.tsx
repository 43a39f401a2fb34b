import { When } from '@/ui/When';
import { Badge, Text, Timeline } from '@mantine/core';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunPath } from '../api/types';
import { useBuilder, useLive } from '../builder/context';
import { iconOf } from '../canvas/icons';
import { cardText } from '../model/cardText';
import { findStep, type AutomationDocument } from '../model/document';
import classes from '../panel/panel.module.css';

type Props = { document: AutomationDocument; path: RunPath; onStep: (id: string) => void };

/** Every step of a run in order: when, what came of it and why; the present one last. */
export function VisitList({ document, path, onStep }: Props) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { summary } = useLive();
  const { run } = path;
  const now =
    run.step_id === null
      ? []
      : [
          {
            step_id: run.step_id,
            arrived_at: run.arrived_at,
            left_at: null,
            result: run.status,
            detail: run.error,
            version: run.version,
          },
        ];
  const visits = [...path.visits, ...now];
  return (
    <aside className={classes.panel} aria-label={t('run.path')}>
      <header className={classes.head}>
        <h2>{t('run.path')}</h2>
      </header>
      <div className={classes.scroll}>
        <Text size="sm" c="dimmed" mb="md">
          {t('run.entered')} <When at={run.entered_at} mode="full" />
        </Text>
        <Timeline active={visits.length} bulletSize={28} lineWidth={2} color="teal">
          {visits.map((visit, i) => {
            const step = findStep(document, visit.step_id, index.branchesOf)?.step;
            const present = visit.left_at === null;
            return (
              <Timeline.Item
                key={i}
                bullet={createElement(iconOf(step ? index.step(step.type) : undefined), {
                  size: 14,
                  'aria-hidden': true,
                })}
                color={present ? (run.status === 'parked' ? 'red' : 'yellow') : 'teal'}
                title={
                  <button
                    type="button"
                    className={classes.row}
                    style={{ padding: 0, border: 0, fontWeight: 600, fontSize: 13 }}
                    onClick={() => onStep(visit.step_id)}
                  >
                    {step ? cardText(step, index, summary).title : t('run.removed_step')}
                  </button>
                }
              >
                <Text size="xs" c="dimmed">
                  <When at={visit.arrived_at} mode="full" />
                  {/* Said where it changes, not at every step. */}
                  {visit.version !== null && visit.version !== visits[i - 1]?.version
                    ? ` · ${t('versions.number', { number: visit.version })}`
                    : null}
                </Text>
                {visit.result ? (
                  <Badge size="sm" color={present ? 'yellow' : 'gray'} mt={4}>
                    {t(`result.${visit.result}`, { defaultValue: visit.result.replaceAll('_', ' ') })}
                  </Badge>
                ) : null}
                {visit.detail ? (
                  <Text size="xs" mt={4}>
                    {visit.detail}
                  </Text>
                ) : null}
                {present && run.due_at ? (
                  <Text size="xs" mt={4}>
                    {t('people.due')} <When at={run.due_at} mode="full" />
                  </Text>
                ) : null}
              </Timeline.Item>
            );
          })}
        </Timeline>
        {run.finished_at ? (
          <Text size="sm" c="dimmed" mt="md">
            {t(`run_status.${run.status}`)} <When at={run.finished_at} mode="full" />
          </Text>
        ) : null}
      </div>
    </aside>
  );
}
