import { useQueries } from '@tanstack/react-query';
import { loadVersion } from '../api/automations';
import type { Visit } from '../api/types';
import type { CatalogueIndex } from '../model/catalogue';
import { findStep, type AutomationDocument, type Step } from '../model/document';

type Walked = Pick<Visit, 'step_id' | 'version'>;

/** Each visit's step as the version said that the run walked then; undefined where no version that is known has it. */
export function useWalkedSteps(
  automationId: string,
  shown: { document: AutomationDocument; version: number | null },
  visits: readonly Walked[],
  index: CatalogueIndex,
): { steps: readonly (Step | undefined)[]; pending: boolean } {
  const older = [...new Set(visits.map((v) => v.version))].filter((v) => v !== null && v !== shown.version) as number[];
  const loaded = useQueries({
    queries: older.map((number) => ({
      queryKey: ['automations', automationId, 'version', number],
      queryFn: () => loadVersion(automationId, number),
      // A version never changes.
      staleTime: Infinity,
    })),
  });
  const documents = new Map(older.map((number, i) => [number, loaded[i]?.data?.document]));
  const steps = visits.map(({ step_id, version }) => {
    const then = version === null || version === shown.version ? shown.document : documents.get(version);
    return (
      (then && findStep(then, step_id, index.branchesOf)?.step) ??
      findStep(shown.document, step_id, index.branchesOf)?.step
    );
  });
  return { steps, pending: loaded.some((q) => q.isPending) };
}
