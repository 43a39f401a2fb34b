import { toastProblem } from '@/ui/toasts';
import { ActionIcon, Badge, Button, SegmentedControl } from '@mantine/core';
import { IconAdjustments, IconArrowLeft, IconFlask, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BackLink } from '../builder/BackLink';
import type { Automation } from '../api/types';
import frame from '../builder/builder.module.css';
import { Live, useBuilder } from '../builder/context';
import { useCommands, type Commands } from '../builder/useCommands';
import { useSummary } from '../builder/useSummary';
import { LazyCanvas } from '../canvas/LazyCanvas';
import panel from '../panel/panel.module.css';
import { PersonTimeline } from './PersonTimeline';
import { PlayPanel } from './PlayPanel';
import { Results } from './Results';
import { firstSetup, requestOf } from './setup';
import { SetupForm } from './SetupForm';
import { countsOf, nameOf, simulate, wayOf, type SimulatedPerson, type SimulationResult } from './simulate';
import classes from './simulator.module.css';
import { usePlay } from './usePlay';

const nothing = () => {};
type Mode = 'everybody' | 'play';

/** The canvas with what would become of people, and beside it who, what and why. Nothing here changes anything. */
export function Simulator({ automation }: { automation: Automation }) {
  const { t } = useTranslation(['simulator', 'automations']);
  const { store, index, conditions, automationId } = useBuilder();
  const commands = useCommands(nothing);
  const summary = useSummary(automation.document, index, conditions, automation.names);
  const [mode, setMode] = useState<Mode>('everybody');
  const [setup, setSetup] = useState(firstSetup);
  const [result, setResult] = useState<SimulationResult | null>(null);
  const [person, setPerson] = useState<SimulatedPerson | null>(null);
  const [step, setStep] = useState<string | null>(null);
  const play = usePlay();
  const run = useMutation({
    mutationFn: () => simulate(automationId, requestOf(setup, new Date())),
    onSuccess: (found) => {
      setResult(found);
      setPerson(null);
      setStep(null);
    },
    onError: toastProblem,
  });
  const shown = mode === 'play' ? play.person : person;
  const counts = useMemo(() => (mode === 'everybody' && result ? countsOf(result) : null), [mode, result]);
  const live = useMemo(() => ({ problems: [], counts, summary }), [counts, summary]);
  const way = useMemo(() => (shown ? wayOf(shown) : null), [shown]);
  // A click on a card asks who came there; the cards themselves cannot be changed here.
  const asking = useMemo<Commands>(
    () => ({
      ...commands,
      open: (id: string) => {
        store.getState().select(id);
        setStep(id);
        setPerson(null);
      },
    }),
    [commands, store],
  );
  return (
    <Live value={live}>
      <title>{`${t('title', { name: automation.name })} - Millrace`}</title>
      <div className={frame.frame}>
        <header className={frame.bar}>
          <BackLink to={`/automations/${automation.id}`} label={t('back')} />
          <h1 className={classes.heading}>{t('title', { name: automation.name })}</h1>
          <Badge color="orange" leftSection={<IconFlask size={12} aria-hidden />}>
            {t('no_effect')}
          </Badge>
          <span className={frame.spring} />
          <SegmentedControl
            size="xs"
            aria-label={t('mode.label')}
            value={mode}
            onChange={(value) => setMode(value as Mode)}
            data={(['everybody', 'play'] as const).map((value) => ({ value, label: t(`mode.${value}`) }))}
          />
        </header>
        <div className={`${frame.body} ${classes.body}`}>
          <div className={frame.stage}>
            <LazyCanvas
              document={automation.document}
              commands={asking}
              readOnly
              visited={way?.visited ?? null}
              taken={way?.taken ?? null}
              onPeople={asking.open}
              onFind={nothing}
            />
          </div>
          <aside className={`${panel.panel} ${classes.panel}`} aria-label={t('panel')}>
            <header className={panel.head}>
              {mode === 'everybody' && person ? (
                <ActionIcon variant="subtle" color="gray" aria-label={t('all_people')} onClick={() => setPerson(null)}>
                  <IconArrowLeft size={18} aria-hidden />
                </ActionIcon>
              ) : null}
              <h2>
                {mode === 'play'
                  ? t('play.title')
                  : person
                    ? nameOf(person)
                    : t(result ? 'results_title' : 'setup_title')}
              </h2>
              {mode === 'everybody' && result && !person ? (
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconAdjustments size={14} aria-hidden />}
                  onClick={() => setResult(null)}
                >
                  {t('again')}
                </Button>
              ) : null}
              {mode === 'everybody' && person ? (
                <Button
                  variant="light"
                  size="xs"
                  leftSection={<IconPlayerPlay size={14} aria-hidden />}
                  onClick={() => {
                    play.begin(String(person.contact_id));
                    setMode('play');
                  }}
                >
                  {t('play.button')}
                </Button>
              ) : null}
            </header>
            <div
              // A new view begins at its top.
              key={`${mode} ${person?.contact_id ?? (result ? 'results' : 'setup')}`}
              className={panel.scroll}
            >
              {mode === 'play' ? (
                <PlayPanel play={play} />
              ) : person ? (
                <PersonTimeline person={person} />
              ) : result ? (
                <Results
                  result={result}
                  step={step}
                  onAll={() => {
                    setStep(null);
                    store.getState().select(null);
                  }}
                  onPerson={setPerson}
                />
              ) : (
                <SetupForm setup={setup} onChange={setSetup} onRun={() => run.mutate()} busy={run.isPending} />
              )}
            </div>
          </aside>
        </div>
      </div>
    </Live>
  );
}
