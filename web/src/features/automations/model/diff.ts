import { lane, walk, type AutomationDocument, type BranchesOf, type Slot, type Step, type Trigger } from './document';
import { insertSteps } from './operations';

export type ChangeKind = 'added' | 'removed' | 'changed' | 'moved';

/** What became of one step, trigger or setting from one version to another. A step may be changed and moved: it stands here once, as changed. */
export type Change = {
  /** Of the step or trigger; of a setting its key. */
  id: string;
  what: 'setting' | 'trigger' | 'step';
  kind: ChangeKind;
  moved: boolean;
  /** Absent: it was not there. */
  before?: Readonly<Record<string, unknown>>;
  after?: Readonly<Record<string, unknown>>;
};

export type Difference = {
  /** Settings, triggers, then steps in the order of the canvas. */
  changes: readonly Change[];
  /** The later document with the removed steps and triggers where they were: one canvas that shows both. */
  merged: AutomationDocument;
};

const settingKeys = ['entry', 'unsubscribe_lists', 'exit_on_unsubscribe', 'exit_when'] as const;
const silent: Record<(typeof settingKeys)[number], unknown> = {
  entry: 'any',
  unsubscribe_lists: null,
  exit_on_unsubscribe: false,
  exit_when: null,
};

/** The same JSON, whatever the order of the members; what is null is as good as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [x, y] = [a ?? null, b ?? null];
  if (x === null || y === null || typeof x !== 'object' || typeof y !== 'object') return x === y;
  if (Array.isArray(x) || Array.isArray(y))
    return (
      Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.every((value, i) => sameJson(value, y[i]))
    );
  const [p, q] = [x as Record<string, unknown>, y as Record<string, unknown>];
  return [...new Set([...Object.keys(p), ...Object.keys(q)])].every((key) => sameJson(p[key], q[key]));
}

/** The step without the steps in its branches. */
export function ownOptions(step: Step, branchesOf: BranchesOf): Record<string, unknown> {
  const branches = new Set(branchesOf(step));
  return Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id' && !branches.has(key)));
}

/** Members of the longest run that kept its order; everyone else has moved. */
function stayers(order: readonly number[]): Set<number> {
  const ends: number[] = [];
  const before: number[] = [];
  order.forEach((value, i) => {
    let at = ends.findIndex((e) => (order[e] ?? 0) >= value);
    if (at === -1) at = ends.length;
    before[i] = at === 0 ? -1 : (ends[at - 1] ?? -1);
    ends[at] = i;
  });
  const kept = new Set<number>();
  for (let i = ends.at(-1) ?? -1; i !== -1; i = before[i] ?? -1) kept.add(i);
  return kept;
}

type Placed = { step: Step; slot: Slot };
const placeOf = ({ slot }: Placed) => `${slot.parent ?? ''}/${slot.branch ?? ''}`;

function movedSteps(old: ReadonlyMap<string, Placed>, now: ReadonlyMap<string, Placed>): Set<string> {
  const moved = new Set<string>();
  const lists = new Map<string, string[]>();
  for (const [id, placed] of now) {
    const was = old.get(id);
    if (was === undefined) continue;
    if (placeOf(was) !== placeOf(placed)) moved.add(id);
    else lists.set(placeOf(placed), [...(lists.get(placeOf(placed)) ?? []), id]);
  }
  for (const ids of lists.values()) {
    const kept = stayers(ids.map((id) => old.get(id)?.slot.index ?? 0));
    ids.forEach((id, i) => kept.has(i) || moved.add(id));
  }
  return moved;
}

/** A removed step with those of its branches that were removed with it. */
function ghost(step: Step, now: ReadonlyMap<string, Placed>, branchesOf: BranchesOf): Step {
  const branches = branchesOf(step).map((name) => [
    name,
    lane(step, name)
      .filter((s) => !now.has(s.id))
      .map((s) => ghost(s, now, branchesOf)),
  ]);
  return { ...step, ...Object.fromEntries(branches) } as Step;
}

/** The later steps with the removed ones behind the neighbour they stood behind. */
function withRemoved(
  before: AutomationDocument,
  after: AutomationDocument,
  now: ReadonlyMap<string, Placed>,
  branchesOf: BranchesOf,
): AutomationDocument {
  let merged = after;
  for (const { step, slot } of walk(before.steps, branchesOf)) {
    // Those in a removed step come with it.
    if (now.has(step.id) || (slot.parent !== null && !now.has(slot.parent))) continue;
    const places = new Map([...walk(merged.steps, branchesOf)].map((p) => [p.step.id, p]));
    const owner = slot.parent === null ? null : places.get(slot.parent)?.step;
    const fits = owner === null || (owner !== undefined && branchesOf(owner).includes(slot.branch ?? ''));
    const list = fits ? { parent: slot.parent, branch: slot.branch } : { parent: null, branch: null };
    const siblings = [...walk(before.steps, branchesOf)].filter(
      (p) => placeOf(p) === placeOf({ step, slot }) && p.slot.index < slot.index,
    );
    const neighbour = siblings
      .map((p) => places.get(p.step.id))
      .findLast((p) => p?.slot.parent === list.parent && p.slot.branch === list.branch);
    merged = insertSteps(
      merged,
      { ...list, index: neighbour === undefined ? 0 : neighbour.slot.index + 1 },
      [ghost(step, now, branchesOf)],
      branchesOf,
    );
  }
  return merged;
}

function compareTriggers(before: readonly Trigger[], after: readonly Trigger[]): Change[] {
  const [old, now] = [new Map(before.map((t) => [t.id, t])), new Map(after.map((t) => [t.id, t]))];
  const base = { what: 'trigger' as const, moved: false };
  return [
    ...before.filter((t) => !now.has(t.id)).map((t): Change => ({ ...base, id: t.id, kind: 'removed', before: t })),
    ...after.flatMap((t): Change[] => {
      const was = old.get(t.id);
      if (was === undefined) return [{ ...base, id: t.id, kind: 'added', after: t }];
      return sameJson(was, t) ? [] : [{ ...base, id: t.id, kind: 'changed', before: was, after: t }];
    }),
  ];
}

/** What is different, and one document that shows both. Steps are the same step when they have the same id. */
export function compareDocuments(
  before: AutomationDocument,
  after: AutomationDocument,
  branchesOf: BranchesOf,
): Difference {
  const old = new Map([...walk(before.steps, branchesOf)].map((p) => [p.step.id, p]));
  const now = new Map([...walk(after.steps, branchesOf)].map((p) => [p.step.id, p]));
  const moved = movedSteps(old, now);
  const steps = withRemoved(before, after, now, branchesOf);
  const changes: Change[] = [];
  for (const key of settingKeys) {
    const [was, is] = [before[key] ?? silent[key], after[key] ?? silent[key]];
    if (!sameJson(was, is))
      changes.push({
        id: key,
        what: 'setting',
        kind: 'changed',
        moved: false,
        before: { [key]: was },
        after: { [key]: is },
      });
  }
  const triggers = compareTriggers(before.triggers, after.triggers);
  changes.push(...triggers);
  for (const { step } of walk(steps.steps, branchesOf)) {
    const [was, is] = [old.get(step.id)?.step, now.get(step.id)?.step];
    const base = { id: step.id, what: 'step' as const, moved: moved.has(step.id) };
    if (is === undefined) changes.push({ ...base, kind: 'removed', before: ownOptions(step, branchesOf) });
    else if (was === undefined) changes.push({ ...base, kind: 'added', after: ownOptions(is, branchesOf) });
    else {
      const [p, q] = [ownOptions(was, branchesOf), ownOptions(is, branchesOf)];
      if (!sameJson(p, q)) changes.push({ ...base, kind: 'changed', before: p, after: q });
      else if (base.moved) changes.push({ ...base, kind: 'moved', before: p, after: q });
    }
  }
  const gone = before.triggers.filter((t) => triggers.some((c) => c.kind === 'removed' && c.id === t.id));
  return { changes, merged: { ...steps, triggers: [...after.triggers, ...gone] } };
}

/** How many of each kind, those that are moved beside being changed under both. */
export function countChanges(changes: readonly Change[]): Record<ChangeKind, number> {
  const of = (kind: ChangeKind) => changes.filter((c) => c.kind === kind).length;
  return {
    added: of('added'),
    removed: of('removed'),
    changed: of('changed'),
    moved: changes.filter((c) => c.moved).length,
  };
}
