import { liveEvery } from '@/api/live/state';
import { toastProblem, toast } from '@/ui/toasts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addContact, exportAutomation, loadAutomation, loadCounts } from '../api/automations';
import type { Automation } from '../api/types';
import { LazyCanvas } from '../canvas/LazyCanvas';
import type { Step } from '../model/document';
import { Outline } from '../outline/Outline';
import { download } from '../list/download';
import classes from './builder.module.css';
import { BuilderPanel } from './BuilderPanel';
import { Live, useBuilder, useBuilderState } from './context';
import { AddContactDialog } from './AddContactDialog';
import { ConflictDialog } from './ConflictDialog';
import { LaneDialog } from './LaneDialog';
import { PublishDialog } from './PublishDialog';
import { TopBar } from './TopBar';
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
  const [dialog, setDialog] = useState<'publish' | 'contact' | null>(null);
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
  const live = useMemo(() => ({ problems, counts: counts.data ?? null, summary }), [problems, counts.data, summary]);
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
  const view = search.view === 'outline' ? 'outline' : 'canvas';
  const setView = (next: string) =>
    void navigate({
      to: '/automations/$id',
      params: { id },
      search: next === 'outline' ? { view: 'outline' } : {},
      replace: true,
    });
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
  useBuilderActions({
    commands,
    onSave: () => void autosave.save(),
    onPublish: () => setDialog('publish'),
    onView: setView,
    view,
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
          onSwitch={(on) => void publishing.switchTo(on)}
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
          <div className={classes.stage}>
            {view === 'outline' ? (
              <Outline document={document} commands={commands} />
            ) : (
              <LazyCanvas
                document={document}
                commands={commands}
                onPeople={onPeople}
                onFind={() => setView('outline')}
              />
            )}
            {document.triggers.length === 0 && document.steps.length === 0 && view === 'canvas' ? (
              <p className={classes.hint}>{t('hint_empty')}</p>
            ) : null}
          </div>
          <BuilderPanel commands={commands} version={automation.published_version} onRestored={() => void reload()} />
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
        onClose={() => setDialog(null)}
        onPublish={(activate) => void run(publishing.publish(activate && automation.status !== 'active'))}
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
