/** A step of the automation document as drafts hold it: options, and per branch a list of steps, beside `id` and `type`. */
export type Step = Readonly<{ id: string; type: string } & Record<string, unknown>>;

/** A sticky note: no step, seen by those who build. Hangs beside its step, or beside the triggers. */
export type Note = Readonly<{ id: string; text: string; step?: string | null; author?: string | null }>;

/** A gate of the automation. `runs`, `where` and `id` are the frame, everything else are its options. */
export type Trigger = Readonly<{ id: string; type: string } & Record<string, unknown>>;

export type AutomationDocument = Readonly<{
  entry?: 'any' | 'once' | 'after_exit';
  triggers: readonly Trigger[];
  steps: readonly Step[];
  unsubscribe_lists?: readonly number[] | null;
  exit_on_unsubscribe?: boolean;
  /** Conditions that end it for whoever fulfils them. */
  exit_when?: unknown;
  notes?: readonly Note[];
}>;

/** A place between steps: in the list of the document (`parent` null) or in a branch of a step. */
export type Slot = { parent: string | null; branch: string | null; index: number };

/** Which members of a step hold its branches; comes from the catalogue. */
export type BranchesOf = (step: Step) => readonly string[];

export const emptyDocument: AutomationDocument = { triggers: [], steps: [] };

/** As the server keeps it, a document that came by import may lack what it does not say: triggers, for one that others start. */
export const completeDocument = (document: Partial<AutomationDocument> | null | undefined): AutomationDocument => ({
  ...document,
  triggers: Array.isArray(document?.triggers) ? document.triggers : [],
  steps: Array.isArray(document?.steps) ? document.steps : [],
});

export const lane = (step: Step, branch: string): readonly Step[] =>
  Array.isArray(step[branch]) ? (step[branch] as readonly Step[]) : [];

/** Every step with its place, in document order. */
export function* walk(
  steps: readonly Step[],
  branchesOf: BranchesOf,
  parent: string | null = null,
  branch: string | null = null,
): Generator<{ step: Step; slot: Slot }> {
  for (const [index, step] of steps.entries()) {
    yield { step, slot: { parent, branch, index } };
    for (const name of branchesOf(step)) yield* walk(lane(step, name), branchesOf, step.id, name);
  }
}

export function findStep(document: AutomationDocument, id: string, branchesOf: BranchesOf) {
  for (const found of walk(document.steps, branchesOf)) if (found.step.id === id) return found;
  return undefined;
}

/** All ids in the step and below it. */
export const idsWithin = (step: Step, branchesOf: BranchesOf): Set<string> =>
  new Set([...walk([step], branchesOf)].map((x) => x.step.id));

/** The list a slot lies in, or undefined when its step is gone. */
export function listOf(document: AutomationDocument, slot: Slot, branchesOf: BranchesOf): readonly Step[] | undefined {
  if (slot.parent === null) return document.steps;
  const owner = findStep(document, slot.parent, branchesOf)?.step;
  return owner === undefined || slot.branch === null ? undefined : lane(owner, slot.branch);
}

/** A step by its address in words: the same slot has the same key. */
export const slotKey = (slot: Slot): string => `${slot.parent ?? ''}/${slot.branch ?? ''}/${slot.index}`;
