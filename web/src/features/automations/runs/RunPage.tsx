import { ErrorState } from '@/ui/ErrorState';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { loadAutomation, loadRun, loadVersion } from '../api/automations';
import type { Automation } from '../api/types';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { Builder, type BuilderContext } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { useCatalogues } from '../builder/useCatalogues';
import { indexCatalogue } from '../model/catalogue';
import { RunPath } from './RunPath';

/** `/automations/:id/runs/:run`: the path of one contact. */
export function RunPage() {
  const { id, run: runId } = useParams({ from: '/full/automations/$id/runs/$run' });
  const { catalogue, conditions } = useCatalogues();
  const automation = useQuery({
    queryKey: ['automations', id, 'head'],
    queryFn: ({ signal }) => loadAutomation(id, signal),
  });
  const run = useQuery({
    queryKey: ['automations', id, 'run', runId],
    queryFn: () => loadRun(runId),
    refetchInterval: 15_000,
  });
  // Contacts walk in versions; the draft may be quite another thing by now.
  const version = run.data?.run.version ?? automation.data?.published_version ?? null;
  const walked = useQuery({
    queryKey: ['automations', id, 'version', version],
    queryFn: () => loadVersion(id, version ?? 0),
    enabled: version !== null,
    staleTime: Infinity,
  });
  const index = useMemo(() => (catalogue.data ? indexCatalogue(catalogue.data) : null), [catalogue.data]);
  const error = catalogue.error ?? conditions.error ?? automation.error ?? run.error ?? walked.error;
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([run.refetch(), automation.refetch()])} />;
  if (!index || !conditions.data || !automation.data || !run.data || (version !== null && !walked.data))
    return <BuilderSkeleton />;
  const shown = { ...automation.data, document: walked.data?.document ?? automation.data.document };
  return (
    <WithDocument key={`${id} ${version}`} automation={shown} index={index} conditions={conditions.data}>
      <RunPath automation={shown} path={run.data} />
    </WithDocument>
  );
}

type Props = Pick<BuilderContext, 'index' | 'conditions'> & { automation: Automation; children: ReactNode };

/** The canvas lives in a builder; here nothing in it can be changed. */
function WithDocument({ automation, index, conditions, children }: Props) {
  const [store] = useState(() =>
    createBuilderStore(automation.document, { name: automation.name, description: automation.description }),
  );
  const context = useMemo(
    () => ({ automationId: String(automation.id), store, conditions, index }),
    [automation.id, store, conditions, index],
  );
  return <Builder value={context}>{children}</Builder>;
}
