import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Badge, Text, Timeline } from '@mantine/core';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunPath, Visit } from '../api/types';
import { useBuilder, useLive } from '../builder/context';
import { iconOf } from '../canvas/icons';
import { cardText } from '../model/cardText';
import type { Step } from '../model/document';
import { errorText } from '../model/errorText';
import { resultText } from '../model/resultText';
import { Aftermath } from './Aftermath';
import { TryAgain } from './TryAgain';
import { Cause } from '../simulator/Cause';
import { Reasons } from '../simulator/Reasons';
import classes from '../panel/panel.module.css';

/** A step left behind, or the one where the run stands now. */
export type ListedVisit = Omit<Visit, 'visit_no' | 'left_at' | 'result'> & { left_at: string | null; result: string };

/** Steps left behind, oldest first, and the present one last. */
export const visitsOf = ({ run, visits, waits_for: why }: RunPath): ListedVisit[] => [
  ...visits,
  ...(run.step_id === null
    ? []
    : [
        {
          step_id: run.step_id,
          arrived_at: run.arrived_at,
          left_at: null,
          result: run.status,
          detail: run.error,
          version: run.version,
          why,
          cause: null,
          aftermath: null,
        },
      ]),
];

type Props = {
  path: RunPath;
  visits: readonly ListedVisit[];
  /** Of each visit, as it was then. */
  steps: readonly (Step | undefined)[];
  /** Older versions are still being fetched. */
  pending: boolean;
  onStep: (id: string) => void;
};

/** Every step of a run in order: when, what came of it and why; the present one last. */
export function VisitList({ path, visits, steps, pending, onStep }: Props) {
  const { t } = useTranslation(['automations', 'simulator', 'builder']);
  const { index } = useBuilder();
  const { summary } = useLive();
  const { run } = path;
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
            const step = steps[i];
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
                    {step ? (
                      <span>
                        <TaggedText text={cardText(step, index, summary).title} />
                      </span>
                    ) : pending ? (
                      '…'
                    ) : (
                      t('run.removed_step')
                    )}
                  </button>
                }
              >
                <Text size="xs" c="dimmed">
                  <When at={visit.arrived_at} mode="full" />
                  {/* Said where it changes, not at every step. */}
                  {visit.version !== null && visit.version !== visits[i - 1]?.version
                    ? ` · ${t('versions.number', { ns: 'builder', number: visit.version })}`
                    : null}
                </Text>
                {visit.result ? (
                  <Badge size="sm" color={present ? 'yellow' : 'gray'} mt={4}>
                    {resultText(visit.result, t)}
                  </Badge>
                ) : null}
                {visit.detail ? (
                  <Text size="xs" mt={4}>
                    {present ? errorText(visit.detail, t) : visit.detail}
                  </Text>
                ) : null}
                {present && run.status === 'parked' ? <TryAgain run={run.id} /> : null}
                <Cause cause={visit.cause} />
                <Aftermath of={visit.aftermath} />
                {visit.why.length > 0 ? (
                  <>
                    {present ? (
                      <Text size="xs" c="dimmed" mt={6}>
                        {t('why_now', { ns: 'simulator' })}
                      </Text>
                    ) : null}
                    <Reasons reasons={visit.why} />
                  </>
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
