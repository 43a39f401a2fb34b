import { defaultsOf, type Choice, type OptionDescription } from '@/ui/schemaForm/types';
import type { BranchesOf, Step } from './document';

export type StepShape = 'action' | 'wait' | 'condition' | 'goal' | 'goto' | 'end';

/** An option as the server writes it; `many` says that it holds several. */
export type ServerOption = Omit<OptionDescription, 'options' | 'default'> & {
  default?: unknown;
  many?: boolean;
  max_length?: number | null;
  /** What a card says of it: `{}` is its own value, `{key}` that of another option; empty: nothing. */ says?:
    string | null;
  options?: readonly ServerOption[];
};

export type EntryDescription = {
  key: string;
  title: string;
  group: string;
  description: string;
  options: readonly ServerOption[];
};

export type StepDescription = EntryDescription & {
  shape: StepShape;
  icon: string;
  branches: readonly string[];
  /** Documents may hold it, but it cannot be published yet. */ planned?: boolean;
};

export type AutomationCatalogue = { triggers: readonly EntryDescription[]; steps: readonly StepDescription[] };

/** The catalogue by key, and what the document's operations need of it. */
export type CatalogueIndex = {
  catalogue: AutomationCatalogue;
  step: (type: string) => StepDescription | undefined;
  trigger: (type: string) => EntryDescription | undefined;
  branchesOf: BranchesOf;
  shapeOf: (step: Step) => StepShape;
};

const none: readonly string[] = [];

export function indexCatalogue(catalogue: AutomationCatalogue): CatalogueIndex {
  const steps = new Map(catalogue.steps.map((s) => [s.key, s]));
  const triggers = new Map(catalogue.triggers.map((t) => [t.key, t]));
  return {
    catalogue,
    step: (type) => steps.get(type),
    trigger: (type) => triggers.get(type),
    branchesOf: (step) => usedBranches(step, steps.get(step.type)?.branches ?? none),
    shapeOf: (step) => steps.get(step.type)?.shape ?? 'action',
  };
}

/** Of a step that may have many branches only those it uses show: the first `paths`, at least the first two, and every one that holds steps. */
function usedBranches(step: Step, branches: readonly string[]): readonly string[] {
  if (branches.length <= 2) return branches;
  const wanted = typeof step['paths'] === 'number' ? step['paths'] : 2;
  return branches.filter((name, i) => i < wanted || (Array.isArray(step[name]) && step[name].length > 0));
}

/** Member names that refer to other steps, plainly or inside conditions. */
export function stepReferences(step: Step, index: CatalogueIndex) {
  const options = index.step(step.type)?.options ?? [];
  return {
    plain: options.filter((o) => o.type === 'step').map((o) => o.key),
    conditions: options.filter((o) => o.type === 'condition').map((o) => o.key),
  };
}

const known = new Set(['group', 'many']);

/** The server's words for an option to those the forms know; steps of this automation become choices. */
export function formOptions(options: readonly ServerOption[], steps: readonly Choice[]): OptionDescription[] {
  return options.map(({ many, options: inner, ...option }) => {
    const type =
      option.type === 'step'
        ? 'choice'
        : option.type === 'long_template'
          ? 'template'
          : option.type === 'many' && inner
            ? 'group'
            : known.has(option.type) && option.type === 'group' && !many
              ? 'json'
              : option.type === 'choice' && many
                ? 'many'
                : option.type;
    return {
      ...option,
      type,
      ...(many ? { multiple: true } : {}),
      ...(option.type === 'step' ? { choices: steps } : {}),
      ...(inner ? { options: formOptions(inner, steps) } : {}),
    };
  });
}

/** A new step with the defaults of its options and empty branches. */
export function newStep(description: StepDescription, id: string): Step {
  return {
    id,
    type: description.key,
    ...defaultsOf(formOptions(description.options, [])),
    ...Object.fromEntries(description.branches.slice(0, 2).map((branch) => [branch, []])),
  };
}

/** An option emptied again is left out: a draft may lack it, but not hold a wrong value. */
export const withoutEmpty = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== null));
