import type { ConditionCatalogue } from '@/ui/conditions/tree';
import { findReferences } from '@/ui/schemaForm/accountReferences';
import { useQueries } from '@tanstack/react-query';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cardText, stepTitle } from '../model/cardText';
import type { CatalogueIndex } from '../model/catalogue';
import { findStep, walk, type AutomationDocument } from '../model/document';
import { collectReferences, type SummaryContext } from '../model/summary';

type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What cards need to speak of ids as names: those the server sent along, and one request per source for those chosen since. */
export function useSummary(
  document: AutomationDocument,
  index: CatalogueIndex,
  conditions: ConditionCatalogue,
  names: Names,
): SummaryContext {
  const { t } = useTranslation(['automations', 'conditions', 'forms']);
  const wanted = useMemo(() => {
    const entries = [
      ...[...walk(document.steps, index.branchesOf)].map(({ step }) => ({
        options: index.step(step.type)?.options ?? [],
        values: step,
      })),
      ...document.triggers.map((x) => ({ options: index.trigger(x.type)?.options ?? [], values: x })),
    ];
    const trees = [document['exit_when'], ...document.triggers.map((x) => x['where'])];
    return [...collectReferences(entries, trees, conditions)]
      .map(([source, ids]) => ({ source, ids: ids.filter((id) => names[source]?.[id] === undefined) }))
      .filter((x) => x.ids.length > 0);
  }, [document, index, names, conditions]);
  const labels = useQueries({
    queries: wanted.map(({ source, ids }) => ({
      queryKey: ['references', source, 'names', ids],
      queryFn: ({ signal }: { signal: AbortSignal }) => findReferences(source, { ids: ids.join(',') }, signal),
      staleTime: 300_000,
    })),
    combine: (results) =>
      results.flatMap((r, i) => {
        const { source, ids } = wanted[i] ?? { source: '', ids: [] };
        if (r.data === undefined) return [];
        const known = new Map(r.data.map((x) => [x.value, x.label]));
        // What the server does not know any more is said, not left out.
        return ids.map((id) => [`${source}:${id}`, known.get(id) ?? t('deleted_thing', { id })] as const);
      }),
  });
  // The context stays the same while one types, or every card would be told anew; only the names of steps look at the present document.
  const present = useRef(document);
  useLayoutEffect(() => {
    present.current = document;
  }, [document]);
  return useMemo(() => {
    const found = new Map(labels);
    const context: SummaryContext = {
      t,
      conditions,
      nameOf: (source, id) => names[source]?.[id] ?? found.get(`${source}:${id}`),
      stepName: (id) => {
        const step = findStep(present.current, id, index.branchesOf)?.step;
        return step === undefined || index.shapeOf(step) === 'goto' ? undefined : cardText(step, index, context).title;
      },
      stepTitle: (id) => {
        const step = findStep(present.current, id, index.branchesOf)?.step;
        return step === undefined ? undefined : stepTitle(step, index);
      },
    };
    return context;
  }, [t, conditions, labels, names, index]);
}
