import { editable, emptyTree } from '@/ui/conditions/tree';
import type { ConflictField, Side } from '@/ui/conflict/conflicts';
import type { Draft, SegmentDetail } from '../segments';

export const emptyDraft: Draft = { name: '', description: '', tags: [], conditions: emptyTree };

export const draftOf = (s: SegmentDetail): Draft => ({
  name: s.name,
  description: s.description,
  tags: [...s.tags],
  conditions: editable(s.conditions as Draft['conditions']),
});

/** A rule without its values: as long as it stays, somebody is typing. */
export const shapeOf = (tree: Draft['conditions']) =>
  JSON.stringify(tree, (key: string, value: unknown) => (/^(value|times|within)$/.test(key) ? 0 : value));

const parts = ['name', 'description', 'tags', 'conditions'] as const;
type Part = (typeof parts)[number];

export const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
export const isChanged = (base: Draft, mine: Draft) => parts.some((part) => !isSame(base[part], mine[part]));

/** A draft and its rule in words, as a person reads it. */
export type Told = { draft: Draft; words: string };

/** The parts of a segment for the conflict dialog. Rules are compared as they are; words only show them. */
export function conflictFields(base: Told, mine: Told, theirs: Told, label: (part: Part) => string): ConflictField[] {
  const text = (told: Told, part: Part): string => {
    if (part === 'tags') return told.draft.tags.join(', ');
    return part === 'conditions' ? told.words : told.draft[part];
  };
  return parts.map((part) => {
    const told = (side: Told) => (isSame(side.draft[part], base.draft[part]) ? text(base, part) : text(side, part));
    return { key: part, label: label(part), base: text(base, part), mine: told(mine), theirs: told(theirs) };
  });
}

/** What is to be saved on top of theirs: my changes, but for the parts in which theirs was chosen. */
export function settled(base: Draft, mine: Draft, theirs: Draft, chosen: Readonly<Record<string, Side>> = {}): Draft {
  const pick = <P extends Part>(part: P): Draft[P] =>
    isSame(mine[part], base[part]) || chosen[part] === 'theirs' ? theirs[part] : mine[part];
  return {
    name: pick('name'),
    description: pick('description'),
    tags: pick('tags'),
    conditions: pick('conditions'),
  };
}
