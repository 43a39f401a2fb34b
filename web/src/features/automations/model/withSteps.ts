import type { ConditionCatalogue } from '@/ui/conditions/tree';
import type { Choice } from '@/ui/schemaForm/types';

/** What happened "because of a step" is asked with the steps of this automation to choose from. */
export const withSteps = (catalogue: ConditionCatalogue, steps: readonly Choice[]): ConditionCatalogue => ({
  conditions: catalogue.conditions.map((c) =>
    c.kind === 'activity' && c.options?.some((o) => o.key === 'step')
      ? { ...c, options: c.options.map((o) => (o.key === 'step' ? { ...o, choices: steps } : o)) }
      : c,
  ),
});
