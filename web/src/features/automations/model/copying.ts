import { lane, walk, type Step } from './document';
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

/** What the clipboard holds: an automation document of steps only, with names; with ids while the account is named. */
export const clipboardText = (steps: readonly Step[], account?: number): string =>
  JSON.stringify(account === undefined ? { steps } : { account, steps }, null, 2);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Larger than any automation; longer text is none. */
const mostText = 4_000_000;

/** Steps of pasted text, unread as yet: a document, a list of steps or a single one; null when it is none of them. */
export function readClipboard(text: string): { account: number | null; steps: readonly unknown[] } | null {
  let value: unknown;
  try {
    value = text.length > mostText ? null : JSON.parse(text);
  } catch {
    return null;
  }
  const owner = isObject(value) && typeof value['account'] === 'number' ? value['account'] : null;
  const inner = isObject(value) ? value['steps'] : undefined;
  const steps = Array.isArray(value) ? value : Array.isArray(inner) ? inner : [value];
  const looksLikeSteps = steps.length > 0 && steps.every((s) => isObject(s) && typeof s['type'] === 'string');
  return looksLikeSteps ? { account: owner, steps } : null;
}
