import { formatNumber } from '@/ui/format';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Alert, Button, Text } from '@mantine/core';
import { IconChevronRight, IconClockPause, IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { cardText } from '../model/cardText';
import { findStep } from '../model/document';
import panel from '../panel/panel.module.css';
import classes from './simulator.module.css';
import { nameOf, outcomes, type Outcome, type SimulatedPerson, type SimulationResult } from './simulate';

export const tones: Record<Outcome, Tone> = {
  completed: 'goal',
  waiting: 'waiting',
  ended: 'quiet',
  stuck: 'bad',
  not_entered: 'quiet',
};
const page = 50;

type Props = {
  result: SimulationResult;
  /** Only who came to this step. */
  step: string | null;
  onAll: () => void;
  onPerson: (person: SimulatedPerson) => void;
};

/** What became of everybody, and who they are. */
export function Results({ result, step, onAll, onPerson }: Props) {
  const { t } = useTranslation('simulator');
  const { index } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const [only, setOnly] = useState<Outcome | null>(null);
  const [shown, setShown] = useState(page);
  const at = step === null ? undefined : findStep(document, step, index.branchesOf)?.step;
  const people = result.people.filter(
    (p) =>
      (only === null || p.outcome === only) &&
      (step === null || p.step_id === step || p.visits.some((v) => v.step_id === step)),
  );
  const told = result.steps.find((s) => s.step_id === step);
  return (
    <>
      <Text size="sm" mb="sm">
        {result.population === null || result.population === result.people.length
          ? t('count', { count: result.people.length, number: formatNumber(result.people.length) })
          : t('count_of', {
              count: result.people.length,
              number: formatNumber(result.people.length),
              all: formatNumber(result.population),
            })}
      </Text>
      <div className={classes.totals} role="group" aria-label={t('totals')}>
        {outcomes
          .filter((o) => result.totals[o] > 0)
          .map((o) => (
            <button
              key={o}
              type="button"
              className={classes.total}
              data-outcome={o}
              aria-pressed={only === o}
              onClick={() => setOnly(only === o ? null : o)}
            >
              <strong className="tabular">{formatNumber(result.totals[o])}</strong>
              <span>{t(`outcome.${o}`)}</span>
            </button>
          ))}
      </div>
      {result.stopped === 'time_limit' || result.stopped === 'step_limit' ? (
        <Alert color="yellow" icon={<IconClockPause size={16} />} p="xs" mb="sm">
          {t('cut_short')} <When at={result.reached_at} mode="full" />
        </Alert>
      ) : result.stopped === 'horizon' ? (
        <Text size="xs" c="dimmed" mb="sm">
          {t('horizon_reached')} <When at={result.reached_at} mode="full" />
        </Text>
      ) : null}
      {at && told ? (
        <div className={classes.filter}>
          <Text size="sm" fw={600}>
            {cardText(at, index, summary).title}
          </Text>
          <Text size="xs" c="dimmed">
            {t('arrived', { count: told.arrived, number: formatNumber(told.arrived) })} ·{' '}
            <When at={told.first_at} mode="full" />
            {told.first_at === told.last_at ? null : (
              <>
                {' – '}
                <When at={told.last_at} mode="full" />
              </>
            )}
          </Text>
          {told.note ? <Text size="xs">{told.note}</Text> : null}
          <Button
            variant="subtle"
            size="compact-xs"
            mt={4}
            leftSection={<IconFilterOff size={14} aria-hidden />}
            onClick={onAll}
          >
            {t('all_people')}
          </Button>
        </div>
      ) : null}
      <ul className={panel.list} aria-label={t('people')}>
        {people.slice(0, shown).map((person) => (
          <li key={person.contact_id}>
            <button type="button" className={panel.row} onClick={() => onPerson(person)}>
              <span className={panel.grow}>
                <Text size="sm" fw={600} component="span" display="block" truncate>
                  {nameOf(person)}
                </Text>
                <Text size="xs" c="dimmed" component="span" display="block">
                  {person.since ? <When at={person.since} mode="full" /> : t(`not_entered_short.${person.detail}`)}
                </Text>
              </span>
              <StatusBadge tone={tones[person.outcome as Outcome]} label={t(`outcome.${person.outcome}`)} />
              <IconChevronRight size={16} aria-hidden style={{ alignSelf: 'center', opacity: 0.5 }} />
            </button>
          </li>
        ))}
      </ul>
      {people.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('nobody')}
        </Text>
      ) : null}
      {people.length > shown ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setShown(shown + page)}>
          {t('more', { number: formatNumber(people.length - shown) })}
        </Button>
      ) : null}
    </>
  );
}
