import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Badge, Text, Timeline } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { iconOf } from '../canvas/icons';
import { cardText } from '../model/cardText';
import { findStep } from '../model/document';
import { resultText } from '../model/resultText';
import { Cause } from './Cause';
import classes from './simulator.module.css';
import { Reasons } from './Reasons';
import type { SimulatedPerson } from './simulate';

type Row =
  | ({ of: 'visit'; present: boolean; left: string | null } & Omit<SimulatedPerson['visits'][number], 'left_at'>)
  | ({ of: 'event' } & SimulatedPerson['events'][number]);

/** Visits and events in one order; where the contact stands comes last. */
export function rowsOf(person: SimulatedPerson): Row[] {
  const visits: Row[] = person.visits.map(({ left_at: left, ...v }) => ({ of: 'visit', present: false, left, ...v }));
  // Events stand behind the steps that were over by then; what is made up, before what it has ended.
  const rows = [...visits];
  for (const event of person.events) {
    const later = (left: string) =>
      event.by_hand ? Date.parse(left) >= Date.parse(event.at) : Date.parse(left) > Date.parse(event.at);
    const at = rows.findIndex((r) => r.of === 'visit' && r.left !== null && later(r.left));
    rows.splice(at < 0 ? rows.length : at, 0, { of: 'event', ...event });
  }
  if (person.step_id !== null && person.since !== null)
    rows.push({
      of: 'visit',
      present: true,
      left: null,
      step_id: person.step_id,
      arrived_at: person.since,
      result: person.outcome === 'stuck' ? 'parked' : 'waiting',
      detail: person.detail,
      why: person.why,
      cause: null,
    });
  return rows;
}

/** One contact's way through the draft: what, when, why, and what would have to happen next. */
export function PersonTimeline({ person }: { person: SimulatedPerson }) {
  const { t } = useTranslation(['simulator', 'automations']);
  const { store, index } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const titleOf = (id: string) => {
    const step = findStep(document, id, index.branchesOf)?.step;
    return step ? cardText(step, index, summary).title : id;
  };
  const markOf = (id: string) => {
    const step = findStep(document, id, index.branchesOf)?.step;
    return createElement(iconOf(step ? index.step(step.type) : undefined), { size: 14, 'aria-hidden': true });
  };
  const rows = rowsOf(person);
  if (person.outcome === 'not_entered')
    return (
      <>
        <Text size="sm">{t(`not_entered.${person.detail}`, { defaultValue: '' })}</Text>
        <Reasons reasons={person.why} />
      </>
    );
  return (
    <>
      <Timeline active={rows.length} bulletSize={26} lineWidth={2} color="indigo">
        {rows.map((row, i) =>
          row.of === 'event' ? (
            <Timeline.Item
              key={i}
              bullet={<IconHandClick size={13} aria-hidden />}
              color={row.by_hand ? 'orange' : 'gray'}
              title={<span className={classes.title}>{t(`events.${row.kind}`, { defaultValue: row.kind })}</span>}
            >
              <Text size="xs" c="dimmed">
                <When at={row.at} mode="full" /> · {t(row.by_hand ? 'by_hand' : 'assumed')}
              </Text>
              {row.problem ? (
                <Text size="xs" mt={4}>
                  {row.problem}
                </Text>
              ) : null}
            </Timeline.Item>
          ) : (
            <Timeline.Item
              key={i}
              bullet={markOf(row.step_id)}
              color={row.present ? (person.outcome === 'stuck' ? 'red' : 'yellow') : 'indigo'}
              title={
                <button type="button" className={classes.title} onClick={() => store.getState().select(row.step_id)}>
                  <span>
                    <TaggedText text={titleOf(row.step_id)} />
                  </span>
                </button>
              }
            >
              <Text size="xs" c="dimmed">
                <When at={row.arrived_at} mode="full" />
                {row.left !== null && row.left !== row.arrived_at ? (
                  <>
                    {' – '}
                    <When at={row.left} mode="full" />
                  </>
                ) : null}
              </Text>
              <Badge size="sm" mt={4} color={row.present ? (person.outcome === 'stuck' ? 'red' : 'yellow') : 'gray'}>
                {resultText(row.result, t)}
              </Badge>
              {row.detail ? (
                <Text size="xs" mt={4}>
                  {row.detail}
                </Text>
              ) : null}
              <Cause cause={row.cause} />
              <Reasons reasons={row.why} />
              {row.present && person.outcome === 'waiting' ? (
                <Text size="xs" mt={4}>
                  {person.due_at ? (
                    <>
                      {t('until')} <When at={person.due_at} mode="full" />
                    </>
                  ) : (
                    t('until_event')
                  )}
                </Text>
              ) : null}
            </Timeline.Item>
          ),
        )}
      </Timeline>
      {person.step_id === null && person.since !== null ? (
        <Text size="sm" c="dimmed" mt="md">
          {t(`outcome_full.${person.outcome}`)} <When at={person.since} mode="full" />
        </Text>
      ) : null}
    </>
  );
}
