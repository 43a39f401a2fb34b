import type { OptionDescription } from '../schemaForm/types';

/** A leaf or a group of the automation document's condition tree, as stored. */
export type ConditionNode = Readonly<Record<string, unknown>>;

export type ConditionDescription = {
  /** A field key (`email`, `list:News`) or an activity kind (`email.clicked`). */
  key: string;
  title: string;
  group: string;
  kind: 'field' | 'activity';
  ops?: readonly string[] | null;
  /** Words of each operator, which differ by what is compared: a date `is after`, a number `is more than`. */
  op_labels?: Readonly<Record<string, string>> | null;
  value?: { type: string; source?: string | null; choices?: OptionDescription['choices'] } | null;
  /** Why it cannot be asked on this server. */
  unavailable?: string | null;
  /** Filters of an activity, further members of a field. */
  options?: readonly OptionDescription[];
  /** The records of which it is a member: those of one kind may stand together in one `same`. */
  same?: RecordKind | null;
};

/** Records of which a contact has many: subscriptions, notes, orders. */
export type RecordKind = { key: string; title: string };

export type ConditionCatalogue = { conditions: readonly ConditionDescription[] };

export type Group = {
  mode: 'all' | 'any';
  negated: boolean;
  /** Kind of the records of which one has to meet all of it. */
  same?: string;
  /** How many such records there are, as stored; at least one where nothing is said. */
  times?: unknown;
  children: ConditionNode[];
};

/** The group a node is; null for a leaf. `not` around a leaf is a negated group of one. */
export function asGroup(node: ConditionNode): Group | null {
  const not = node['not'];
  if (typeof not === 'object' && not !== null && !Array.isArray(not)) {
    const inner = not as ConditionNode;
    const group = asGroup(inner);
    // A double negation stays a group within a group, so that nothing changes by being shown.
    return group === null || group.negated
      ? { mode: 'any', negated: true, children: [inner] }
      : { ...group, negated: true };
  }
  const mode = Array.isArray(node['all']) ? 'all' : Array.isArray(node['any']) ? 'any' : null;
  const same = typeof node['same'] === 'string' && !('activity' in node) ? node['same'] : undefined;
  if (mode === null && same === undefined) return null;
  const children = mode === null ? [] : (node[mode] as ConditionNode[]);
  if (same === undefined) return { mode: mode ?? 'all', negated: false, children };
  const times = node['times'] ?? undefined;
  // `never` says the same as a `not` around it.
  return {
    mode: mode ?? 'all',
    negated: node['never'] === true,
    same,
    children,
    ...(times === undefined ? {} : { times }),
  };
}

export function fromGroup(group: Group): ConditionNode {
  const plain = {
    ...(group.same === undefined ? {} : { same: group.same }),
    ...(group.times === undefined ? {} : { times: group.times }),
    [group.mode]: group.children,
  };
  return group.negated ? { not: plain } : plain;
}

export const emptyTree: ConditionNode = { all: [] };

/** A tree to edit: a lone leaf gets its group. */
export function rootGroup(tree: ConditionNode | null | undefined): Group {
  if (!tree || Object.keys(tree).length === 0) return { mode: 'all', negated: false, children: [] };
  return asGroup(tree) ?? { mode: 'all', negated: false, children: [tree] };
}

export const keyOf = (leaf: ConditionNode): string => String(leaf['field'] ?? leaf['activity'] ?? '');

export function descriptionOf(leaf: ConditionNode, catalogue: ConditionCatalogue): ConditionDescription | undefined {
  const kind = 'activity' in leaf ? 'activity' : 'field';
  return catalogue.conditions.find((c) => c.kind === kind && c.key === keyOf(leaf));
}

export const newLeaf = (d: ConditionDescription): ConditionNode =>
  d.kind === 'activity' ? { activity: d.key, times: { at_least: 1 } } : { field: d.key, op: d.ops?.[0] ?? 'is' };

/** The kinds of records the catalogue knows, in its order. */
export function recordKinds(catalogue: ConditionCatalogue): RecordKind[] {
  const kinds = new Map<string, RecordKind>();
  for (const { same } of catalogue.conditions) if (same && !kinds.has(same.key)) kinds.set(same.key, same);
  return [...kinds.values()];
}

export const recordTitle = (key: string, catalogue: ConditionCatalogue): string =>
  recordKinds(catalogue).find((k) => k.key === key)?.title ?? key;

/** "Has one at all", until rows say more about it. */
export const newSame = (key: string): ConditionNode => ({ same: key, all: [] });

/** Operators without a value. */
export const bareOps = new Set(['blank', 'not_blank']);
/** Operators whose value is a duration; that of an anniversary may be left out. */
export const durationOps = new Set(['in_last', 'in_next', 'anniversary']);
/** Operators whose value is a list. */
export const listOps = new Set(['has_any', 'has_all', 'has_none']);

/**
 * The tree in the shape in which the editor writes it: a group at the root and under each `not`. So the places the server
 * names in its errors are those of the rows on the screen.
 */
export function editable(tree: ConditionNode | null | undefined): ConditionNode {
  const shaped = (node: ConditionNode): ConditionNode => {
    const group = asGroup(node);
    return group === null ? node : fromGroup({ ...group, children: group.children.map(shaped) });
  };
  const root = rootGroup(tree);
  return fromGroup({ ...root, children: root.children.map(shaped) });
}

/** Where the children of a group stand, as a JSON pointer below the group's own. */
export const childrenAt = (group: Group): string => `${group.negated ? '/not' : ''}/${group.mode}`;

export function leavesOf(tree: ConditionNode): ConditionNode[] {
  const group = asGroup(tree);
  if (group === null) return [tree];
  // That there is a record at all is asked too.
  return group.children.length === 0 && group.same !== undefined ? [tree] : group.children.flatMap(leavesOf);
}

const given = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Whether a row lacks the value it needs: somebody is still typing. */
export function isUnfinished(leaf: ConditionNode): boolean {
  const window = leaf['between'];
  if (!('field' in leaf)) return Array.isArray(window) && !window.every(given);
  const op = String(leaf['op'] ?? '');
  if (bareOps.has(op) || op === 'anniversary') return false;
  const value = leaf['value'];
  if (op === 'between') return !(Array.isArray(value) && value.length === 2 && value.every(given));
  return !given(value);
}

/** Whether the tree asks anything, and every row can be asked. */
export const isAsking = (tree: ConditionNode): boolean => {
  const leaves = leavesOf(tree);
  return leaves.length > 0 && !leaves.some(isUnfinished);
};

export const timesOps = ['at_least', 'exactly', 'at_most'] as const;
export type TimesOp = (typeof timesOps)[number];

/** How often an activity must have happened; at least once where nothing is said. */
export function timesOf(leaf: ConditionNode | Group): [TimesOp, number] {
  const times = ((leaf as { times?: unknown }).times ?? {}) as Partial<Record<TimesOp, number>>;
  const op = timesOps.find((o) => typeof times[o] === 'number') ?? 'at_least';
  return [op, times[op] ?? 1];
}
