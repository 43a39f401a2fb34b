import {
  findStep,
  idsWithin,
  lane,
  listOf,
  walk,
  type AutomationDocument,
  type BranchesOf,
  type Slot,
  type Step,
  type Trigger,
} from './document';

type Lists = (steps: readonly Step[], parent: string | null, branch: string | null) => readonly Step[];

/** Rebuilds only what the function changes; everything else stays the same object. */
function mapLists(
  steps: readonly Step[],
  branchesOf: BranchesOf,
  change: Lists,
  parent: string | null,
  branch: string | null,
) {
  let same = true;
  const inner = steps.map((step) => {
    let next = step;
    for (const name of branchesOf(step)) {
      if (!Array.isArray(step[name])) continue;
      const before = lane(step, name);
      const after = mapLists(before, branchesOf, change, step.id, name);
      if (after !== before) next = { ...next, [name]: after };
    }
    if (next !== step) same = false;
    return next;
  });
  return change(same ? steps : inner, parent, branch);
}

const edit = (document: AutomationDocument, branchesOf: BranchesOf, change: Lists): AutomationDocument => {
  const steps = mapLists(document.steps, branchesOf, change, null, null);
  return steps === document.steps ? document : { ...document, steps };
};

/** Puts the steps in. A branch that is not there yet is made. */
export function insertSteps(document: AutomationDocument, slot: Slot, added: readonly Step[], branchesOf: BranchesOf) {
  if (slot.parent === null) return { ...document, steps: document.steps.toSpliced(slot.index, 0, ...added) };
  const branch = slot.branch ?? '';
  return updateStep(document, slot.parent, branchesOf, (owner) => ({
    ...owner,
    [branch]: lane(owner, branch).toSpliced(slot.index, 0, ...added),
  }));
}

export const updateStep = (
  document: AutomationDocument,
  id: string,
  branchesOf: BranchesOf,
  change: (step: Step) => Step,
): AutomationDocument =>
  edit(document, branchesOf, (steps) => {
    const index = steps.findIndex((s) => s.id === id);
    const step = steps[index];
    if (step === undefined) return steps;
    const next = change(step);
    return next === step ? steps : steps.with(index, next);
  });

/** Takes the step out; with `keep` the steps of that branch take its place, otherwise they go with it. */
export const removeStep = (document: AutomationDocument, id: string, branchesOf: BranchesOf, keep?: string) =>
  edit(document, branchesOf, (steps) => {
    const index = steps.findIndex((s) => s.id === id);
    const step = steps[index];
    if (step === undefined) return steps;
    return steps.toSpliced(index, 1, ...(keep === undefined ? [] : lane(step, keep)));
  });

/** Whether the step would end up within itself. */
export function isWithin(document: AutomationDocument, id: string, slot: Slot, branchesOf: BranchesOf): boolean {
  const found = findStep(document, id, branchesOf);
  return found !== undefined && slot.parent !== null && idsWithin(found.step, branchesOf).has(slot.parent);
}

/** Moves a step with its branches; a place within itself, or where it stands already, changes nothing. */
export function moveStep(document: AutomationDocument, id: string, slot: Slot, branchesOf: BranchesOf) {
  const found = findStep(document, id, branchesOf);
  if (found === undefined || isWithin(document, id, slot, branchesOf)) return document;
  const here = found.slot.parent === slot.parent && found.slot.branch === slot.branch;
  if (here && (slot.index === found.slot.index || slot.index === found.slot.index + 1)) return document;
  const index = here && slot.index > found.slot.index ? slot.index - 1 : slot.index;
  return insertSteps(removeStep(document, id, branchesOf), { ...slot, index }, [found.step], branchesOf);
}

/** Every place a step can stand at, in document order. */
export function allSlots(document: AutomationDocument, branchesOf: BranchesOf): Slot[] {
  const inList = (steps: readonly Step[], parent: string | null, branch: string | null): Slot[] => [
    ...steps.flatMap((step, index) => [
      { parent, branch, index },
      ...branchesOf(step).flatMap((name) => inList(lane(step, name), step.id, name)),
    ]),
    { parent, branch, index: steps.length },
  ];
  return inList(document.steps, null, null);
}

/** The next or previous place where the step would stand elsewhere than now. */
export function neighbourSlot(document: AutomationDocument, id: string, by: 1 | -1, branchesOf: BranchesOf) {
  const found = findStep(document, id, branchesOf);
  if (found === undefined) return undefined;
  const slots = allSlots(document, branchesOf).filter((slot) => !isWithin(document, id, slot, branchesOf));
  const own = slots.findIndex(
    (s) => s.parent === found.slot.parent && s.branch === found.slot.branch && s.index === found.slot.index,
  );
  return by === 1 ? slots[own + 2] : slots[own - 1];
}

/** The place right behind a step; the end of the document when there is no such step. */
export function slotAfter(document: AutomationDocument, id: string | null, branchesOf: BranchesOf): Slot {
  const found = id === null ? undefined : findStep(document, id, branchesOf);
  return found === undefined
    ? { parent: null, branch: null, index: document.steps.length }
    : { ...found.slot, index: found.slot.index + 1 };
}

/** Whether the slot exists in the document. */
export function slotExists(document: AutomationDocument, slot: Slot, branchesOf: BranchesOf): boolean {
  const list = listOf(document, slot, branchesOf);
  return list !== undefined && slot.index <= list.length;
}

export const updateTrigger = (document: AutomationDocument, id: string, change: (trigger: Trigger) => Trigger) => ({
  ...document,
  triggers: document.triggers.map((t) => (t.id === id ? change(t) : t)),
});

export const allIds = (document: AutomationDocument, branchesOf: BranchesOf): Set<string> =>
  new Set([...document.triggers.map((t) => t.id), ...[...walk(document.steps, branchesOf)].map((x) => x.step.id)]);
