import type { OptionDescription } from '../schemaForm/types';

/** A leaf or a group of the automation document's condition tree, as stored. */
export type ConditionNode = Readonly<Record<string, unknown>>;

export type ConditionDescription = {
  /** A field key (`email`, `list:News`) or an activity kind (`email.clicked`). */
  key: string;
  title: string;
  group: string;
  kind: 'field' | 'activity';
  ops?: readonly string[];
  value?: { type: string; source?: string | null; choices?: OptionDescription['choices'] };
  /** Filters of an activity. */
  options?: readonly OptionDescription[];
};

export type ConditionCatalogue = { conditions: readonly ConditionDescription[] };

export type Group = { mode: 'all' | 'any'; negated: boolean; same?: string; children: ConditionNode[] };

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
  if (mode === null) return null;
  const children = node[mode] as ConditionNode[];
  return { mode, negated: false, children, ...(typeof node['same'] === 'string' ? { same: node['same'] } : {}) };
}

export function fromGroup(group: Group): ConditionNode {
  const plain = { ...(group.same === undefined ? {} : { same: group.same }), [group.mode]: group.children };
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

/** Operators without a value. */
export const bareOps = new Set(['blank', 'not_blank']);
/** Operators whose value is a duration. */
export const durationOps = new Set(['in_last', 'in_next']);
/** Operators whose value is a list. */
export const listOps = new Set(['has_any', 'has_all', 'has_none']);
