import { inConflict } from '@/ui/conflict/conflicts';
import { expect, test } from 'vitest';
import type { Draft } from '../segments';
import { conflictFields, draftOf, emptyDraft, isChanged, settled, type Told } from './draft';

const base: Draft = {
  name: 'VIPs',
  description: '',
  tags: ['a'],
  conditions: { all: [{ field: 'tag', op: 'has', value: 1 }] },
};
const told = (part: Partial<Draft>, words = 'Tag has VIP'): Told => ({ draft: { ...base, ...part }, words });

test('what only one of two changed is kept without asking', () => {
  const mine = told({ name: 'Very important' });
  const theirs = told({ description: 'Ours' });
  expect(inConflict(conflictFields(told({}), mine, theirs, (p) => p))).toEqual([]);
  expect(settled(base, mine.draft, theirs.draft)).toEqual({ ...base, name: 'Very important', description: 'Ours' });
});

test('a rule changed by both is asked about in words, and the chosen side wins', () => {
  const mine = told({ conditions: { all: [] } }, 'Everyone');
  const theirs = told({ conditions: { any: [] }, tags: [] }, 'Nobody');
  const asked = inConflict(conflictFields(told({}), mine, theirs, (p) => p));
  expect(asked).toEqual([
    { key: 'conditions', label: 'conditions', base: 'Tag has VIP', mine: 'Everyone', theirs: 'Nobody' },
  ]);
  expect(settled(base, mine.draft, theirs.draft, { conditions: 'mine' }).conditions).toEqual({ all: [] });
  expect(settled(base, mine.draft, theirs.draft, { conditions: 'theirs' }).conditions).toEqual({ any: [] });
  expect(settled(base, mine.draft, theirs.draft, { conditions: 'mine' }).tags).toEqual([]);
});

test('opening a segment changes nothing, even where its rule is one bare condition', () => {
  const opened = draftOf({ ...base, conditions: { field: 'tag', op: 'has', value: 1 } } as never);
  expect(opened).toEqual(base);
  expect(isChanged(opened, base)).toBe(false);
  expect(isChanged(emptyDraft, { ...emptyDraft, tags: ['x'] })).toBe(true);
});
