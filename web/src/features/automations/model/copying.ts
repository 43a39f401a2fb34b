import { lane, walk, type BranchesOf, type Step } from './document';
import { stepReferences, type CatalogueIndex } from './catalogue';

/** A short id nobody uses yet; letters and digits, as documents allow. */
export function newId(taken: ReadonlySet<string>): string {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(5));
    const id = `s${[...bytes].map((b) => (b % 36).toString(36)).join('')}`;
    if (!taken.has(id)) return id;
  }
}

/** References to steps inside condition trees: `{"activity": ..., "step": ID}`. */
function renameInConditions(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((v) => renameInConditions(v, names));
  if (typeof value !== 'object' || value === null) return value;
  const leaf = 'activity' in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key,
      leaf && key === 'step' && typeof v === 'string' ? (names.get(v) ?? v) : renameInConditions(v, names),
    ]),
  );
}

function rename(step: Step, names: ReadonlyMap<string, string>, index: CatalogueIndex): Step {
  const next: Record<string, unknown> = { ...step, id: names.get(step.id) ?? step.id };
  const keys = stepReferences(step, index);
  for (const key of keys.plain) {
    const to = next[key];
    if (typeof to === 'string') next[key] = names.get(to) ?? to;
  }
  for (const key of keys.conditions) if (next[key] !== undefined) next[key] = renameInConditions(next[key], names);
  for (const branch of index.branchesOf(step))
    if (Array.isArray(step[branch])) next[branch] = lane(step, branch).map((s) => rename(s, names, index));
  return next as Step;
}

/** The same steps under new ids; references among them follow, references to others stay. */
export function renewIds(steps: readonly Step[], taken: ReadonlySet<string>, index: CatalogueIndex): Step[] {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const { step } of walk(steps, index.branchesOf)) {
    const id = newId(used);
    used.add(id);
    names.set(step.id, id);
  }
  return steps.map((step) => rename(step, names, index));
}

/** What the clipboard holds: an automation document of steps only. */
export const toClipboard = (steps: readonly Step[]): string => JSON.stringify({ steps }, null, 2);

const isStep = (value: unknown): value is Step =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)['type'] === 'string';

/** Gives steps without an id one, at every depth. */
function withIds(steps: readonly unknown[], branchesOf: BranchesOf): Step[] {
  let n = 0;
  const named = (value: unknown): Step[] => {
    if (!isStep(value)) return [];
    const step: Record<string, unknown> = { ...value, id: typeof value.id === 'string' ? value.id : `paste${n++}` };
    for (const branch of branchesOf(step as Step))
      if (Array.isArray(step[branch])) step[branch] = (step[branch] as unknown[]).flatMap(named);
    return [step as Step];
  };
  return steps.flatMap(named);
}

/** Steps of pasted text: a document, a list of steps or a single one; null when it is none of them. */
export function fromClipboard(text: string, branchesOf: BranchesOf): Step[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['steps'] : undefined;
  const list = Array.isArray(value) ? value : Array.isArray(inner) ? inner : [value];
  const steps = withIds(list, branchesOf);
  return steps.length === 0 || steps.length !== list.length ? null : steps;
}
