import { liveEvery } from '@/api/live/state';
import { toastProblem, toast } from '@/ui/toasts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addContact, exportAutomation, loadAutomation, loadCounts } from '../api/automations';
import { admitStanding, loadStanding } from '../api/standing';
import type { Automation } from '../api/types';
import { errorsIn } from '../model/problems';
import { LazyCanvas } from '../canvas/LazyCanvas';
import { Compare } from '../compare/LazyCompare';
import { readSides, writeSides, type Sides } from '../compare/sides';
import { FindBar } from '../find/FindBar';
import { focusCard } from '../canvas/focusCard';
import type { AutomationDocument, Step } from '../model/document';
import { NumbersBar } from '../numbers/NumbersBar';
import type { NumbersSearch } from '../numbers/search';
import { usePeriodNumbers } from '../numbers/usePeriodNumbers';
import { Outline } from '../outline/Outline';
import { download } from '../list/download';
import classes from './builder.module.css';
import { BuilderPanel } from './BuilderPanel';
import { Live, useBuilder, useBuilderState } from './context';
import { AddContactDialog } from './AddContactDialog';
import { AdmitDialog } from './AdmitDialog';
import { ConflictDialog } from './ConflictDialog';
import { LaneDialog } from './LaneDialog';
import { PublishDialog } from './PublishDialog';
import { TopBar } from './TopBar';
import { useAdmission } from './useAdmission';
import { useAutosave } from './useAutosave';
import { useBuilderActions } from './useBuilderActions';
import { useChecks } from './useChecks';
import { useCommands } from './useCommands';
import { useFolds } from './useFolds';
import { usePublishing } from './usePublishing';
import { useSummary } from './useSummary';

/** How often the numbers are asked for while the page is in sight, in milliseconds. */
const countsEvery = 5000;

export function BuilderFrame({ opened }: { opened: Automation }) {
  const { t } = useTranslation('automations');
  const { store, automationId: id, index, conditions } = useBuilder();
  const navigate = useNavigate();
  const search = useSearch({ from: '/full/automations/$id' });
  const document = useBuilderState((s) => s.document);
  const [leaving, setLeaving] = useState<Step | null>(null);
  const [dialog, setDialog] = useState<'publish' | 'contact' | 'admit' | null>(null);
  const [finding, setFinding] = useState(false);
  const [found, setFound] = useState<ReadonlySet<string> | null>(null);
  const closeFind = useCallback(() => {
    setFinding(false);
    setFound(null);
    // The keyboard goes on where the search has led to.
    const { focus } = store.getState();
    requestAnimationFrame(() => focusCard(focus));
  }, [store]);
  const commands = useCommands(setLeaving);
  const head = useQuery({
    queryKey: ['automations', id, 'head'],
    queryFn: ({ signal }) => loadAutomation(id, signal),
    initialData: opened,
  });
  const automation = head.data;
  const queryClient = useQueryClient();
  const autosave = useAutosave(
    id,
    store,
    opened.revision,
    useCallback(
      (changed: boolean) =>
        queryClient.setQueryData<Automation>(['automations', id, 'head'], (known) => known && { ...known, changed }),
      [queryClient, id],
    ),
  );
  useFolds(id, store);
  const problems = useChecks(id, store);
  const counts = useQuery({
    queryKey: ['automations', id, 'counts'],
    queryFn: () => loadCounts(id),
    refetchInterval: () => liveEvery(countsEvery),
    enabled: automation.published_version !== null,
  });
  const summary = useSummary(document, index, conditions, automation.names);
  const period = usePeriodNumbers(id, search, search.view === 'numbers' && automation.published_version !== null);
  const live = useMemo(
    () => ({ problems, counts: counts.data ?? null, period, summary }),
    [problems, counts.data, period, summary],
  );
  const admission = useAdmission(id);
  const publishing = usePublishing(id, autosave.save, () => void head.refetch());

  const reload = useCallback(async () => {
    const { data } = await head.refetch();
    if (data === undefined) return;
    const meta = { name: data.name, description: data.description };
    store.getState().replace(data.document, meta);
    autosave.rebase({ document: data.document, meta, revision: data.revision });
  }, [head, store, autosave]);
  const keepMine = async () => {
    const { data } = await head.refetch();
    if (data) await autosave.overwrite(data.revision);
  };
  const view = search.view === 'outline' || search.view === 'numbers' ? search.view : 'canvas';
  const comparing = readSides(search.compare);
  const compare = (next: Sides | null) =>
    void navigate({
      to: '/automations/$id',
      params: { id },
      search: next === null ? {} : { compare: writeSides(next) },
      replace: true,
    });
  const restore = (number: number, restored: AutomationDocument) => {
    compare(null);
    commands.restore(number, restored);
  };
  const setView = (next: string) =>
    void navigate({
      to: '/automations/$id',
      params: { id },
      search: next === 'canvas' ? {} : { view: next },
      replace: true,
    });
  const setNumbers = (next: NumbersSearch) =>
    void navigate({ to: '/automations/$id', params: { id }, search: { view: 'numbers', ...next }, replace: true });
  useEffect(() => {
    if (search.step !== undefined) commands.open(search.step);
  }, [search.step, commands]);
  useEffect(() => {
    if (autosave.state === 'refused') toastProblem(autosave.refusal);
  }, [autosave.state, autosave.refusal]);
  const run = (work: Promise<unknown>) =>
    work.then(() => {
      setDialog(null);
      void counts.refetch();
    }, toastProblem);
  const switchTo = async (on: boolean) => {
    await publishing.switchTo(on);
    // Switching on lets in nobody who matches already; whoever wants that is asked.
    if (on && (await loadStanding(id)).entering > 0) setDialog('admit');
  };
  useBuilderActions({
    commands,
    onSave: () => void autosave.save(),
    // What keeps it from being published is shown in place of a dialog that could not.
    onPublish: () => (errorsIn(problems) > 0 ? store.getState().show({ kind: 'problems' }) : setDialog('publish')),
    onView: setView,
    onFind: () => setFinding(true),
    view,
    enabled: comparing === null,
  });
  const onPeople = useCallback(
    (step: string, status: string) => store.getState().show({ kind: 'people', step, status }),
    [store],
  );
  return (
    <Live value={live}>
      <title>{`${automation.name} - ${t('title')} - Millrace`}</title>
      <div className={classes.frame}>
        <TopBar
          automation={automation}
          save={autosave.state}
          view={view}
          busy={publishing.busy}
          onView={setView}
          onPublish={() => setDialog('publish')}
          onSwitch={(on) => void switchTo(on)}
          onAdmit={() => setDialog('admit')}
          onAddContact={() => setDialog('contact')}
          onSimulate={() =>
            void autosave.save().then(() => navigate({ to: '/automations/$id/simulate', params: { id } }), toastProblem)
          }
          onExport={() =>
            void autosave
              .save()
              .then(async () => download(`${automation.name}.json`, await exportAutomation(id)), toastProblem)
          }
        />
        <div className={classes.body}>
          {comparing ? (
            <Compare
              automation={automation}
              sides={comparing}
              onSides={compare}
              onRestore={restore}
              onClose={() => {
                compare(null);
                store.getState().show({ kind: 'versions' });
              }}
            />
          ) : (
            <>
              <div className={classes.work}>
                {view === 'numbers' ? <NumbersBar search={search} numbers={period} onChange={setNumbers} /> : null}
                <div className={classes.sheet}>
                  {finding ? <FindBar commands={commands} onFound={setFound} onClose={closeFind} /> : null}
                  {view === 'outline' ? (
                    <Outline document={document} commands={commands} />
                  ) : (
                    <LazyCanvas
                      document={document}
                      commands={commands}
                      found={found}
                      onPeople={onPeople}
                      onFind={() => setFinding(true)}
                    />
                  )}
                  {document.triggers.length === 0 && document.steps.length === 0 && view !== 'outline' ? (
                    <p className={classes.hint}>{t('hint_empty')}</p>
                  ) : null}
                </div>
              </div>
              <BuilderPanel
                commands={commands}
                version={automation.published_version}
                onCompare={compare}
                onRestore={restore}
              />
            </>
          )}
        </div>
      </div>
      <LaneDialog
        step={leaving}
        onClose={() => setLeaving(null)}
        onKeep={(branch) => {
          if (leaving) commands.removeKeeping(leaving.id, branch);
          setLeaving(null);
        }}
      />
      <PublishDialog
        opened={dialog === 'publish'}
        active={automation.status === 'active'}
        busy={publishing.busy}
        save={autosave.save}
        warnings={problems.filter((p) => p.severity === 'warning')}
        version={automation.published_version}
        names={automation.names}
        onCompare={(sides) => {
          setDialog(null);
          compare(sides);
        }}
        onClose={() => setDialog(null)}
        onPublish={(activate, note, admit) =>
          void run(
            publishing
              .publish(activate && automation.status !== 'active', note, admit)
              .then(() => (admit ? admission.watch() : undefined)),
          )
        }
      />
      <AdmitDialog
        opened={dialog === 'admit'}
        onClose={() => setDialog(null)}
        onAdmit={() => void run(admitStanding(id).then(admission.watch))}
      />
      <AddContactDialog
        key={dialog}
        opened={dialog === 'contact'}
        busy={false}
        onClose={() => setDialog(null)}
        onAdd={(contact) =>
          void run(
            addContact(id, contact).then(({ entered }) =>
              toast(t(entered > 0 ? 'add_contact.done' : 'add_contact.refused')),
            ),
          )
        }
      />
      <ConflictDialog
        opened={autosave.state === 'conflict'}
        onTheirs={() => void reload()}
        onMine={() => void keepMine()}
      />
    </Live>
  );
}
