import { findReferences } from '@/ui/schemaForm/accountReferences';
import { AppLink } from '@/ui/AppLink';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { Anchor, Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { BackLink } from '../builder/BackLink';
import type { Automation, RunPath as Path, RunStatus } from '../api/types';
import frame from '../builder/builder.module.css';
import { Live, useBuilder } from '../builder/context';
import { useCommands } from '../builder/useCommands';
import { useSummary } from '../builder/useSummary';
import { LazyCanvas } from '../canvas/LazyCanvas';
import { useWalkedSteps } from './useWalkedSteps';
import { VisitList, visitsOf } from './VisitList';

const tones: Record<RunStatus, Tone> = {
  active: 'good',
  waiting: 'waiting',
  parked: 'bad',
  completed: 'goal',
  ended: 'quiet',
};
const nothing = () => {};

/** The canvas with the way taken, and beside it every step with time and reason. */
export function RunPath({ automation, path }: { automation: Automation; path: Path }) {
  const { t } = useTranslation('automations');
  const { run, visits } = path;
  const { store, index, conditions } = useBuilder();
  const commands = useCommands(nothing);
  const listed = useMemo(() => visitsOf(path), [path]);
  const { steps, pending } = useWalkedSteps(
    String(automation.id),
    { document: automation.document, version: run.version ?? automation.published_version },
    listed,
    index,
  );
  // Names are looked up for what was walked too, not only for what there is now.
  const named = useMemo(
    () => ({ ...automation.document, steps: [...automation.document.steps, ...steps.filter((s) => s !== undefined)] }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- The steps are made anew each time; they change when the versions have come.
    [automation.document, pending],
  );
  const summary = useSummary(named, index, conditions, automation.names);
  const live = useMemo(() => ({ problems: [], counts: null, summary }), [summary]);
  const visited = useMemo(
    () => new Set([...visits.map((v) => v.step_id), ...(run.step_id === null ? [] : [run.step_id])]),
    [run, visits],
  );
  const taken = useMemo(
    () => new Set(visits.flatMap((v) => [v.step_id, ...(v.result === null ? [] : [`${v.step_id}/${v.result}`])])),
    [visits],
  );
  const contact = useQuery({
    queryKey: ['references', 'contact', 'names', [String(run.contact_id)]],
    queryFn: ({ signal }) => findReferences('contact', { ids: String(run.contact_id) }, signal),
    staleTime: 300_000,
  });
  const name = contact.data?.[0]?.label ?? t('run.nameless', { id: run.contact_id });
  return (
    <Live value={live}>
      <title>{`${name} - ${automation.name} - Millrace`}</title>
      <div className={frame.frame}>
        <header className={frame.bar}>
          <BackLink to={`/automations/${automation.id}`} label={t('run.back')} />
          <h1 style={{ fontSize: 17 }}>{t('run.title', { name, automation: automation.name })}</h1>
          <StatusBadge tone={tones[run.status]} label={t(`run_status.${run.status}`)} />
          {run.version === null ? null : (
            <Badge color="gray">{t(run.finished_at ? 'run.was_on' : 'run.is_on', { number: run.version })}</Badge>
          )}
          <span className={frame.spring} />
          <Anchor component={AppLink} to={`/contacts/${run.contact_id}`} size="sm">
            {t('run.contact')}
          </Anchor>
        </header>
        <div className={frame.body}>
          <div className={frame.stage}>
            <LazyCanvas
              document={automation.document}
              commands={commands}
              readOnly
              visited={visited}
              taken={taken}
              onPeople={nothing}
              onFind={nothing}
            />
          </div>
          <VisitList
            path={path}
            visits={listed}
            steps={steps}
            pending={pending}
            onStep={(id) => store.getState().select(id)}
          />
        </div>
      </div>
    </Live>
  );
}
