import { expect, test } from 'vitest';
import { toQuery, toSelection } from './contactList';
import { askedTree, isFiltered, maxTree, readSearch } from './search';

const tree = { all: [{ field: 'email', op: 'blank' }] };

test('a tree of the address is taken as it is, anything else is dropped', () => {
  expect(readSearch({ conditions: tree, segment: '7', advanced: true })).toEqual({
    conditions: tree,
    segment: 7,
    advanced: true,
  });
  expect(readSearch({ conditions: 'x' })).toEqual({});
  expect(readSearch({ conditions: [1] })).toEqual({});
  expect(readSearch({ conditions: { all: 'x'.repeat(maxTree) } })).toEqual({});
  expect(isFiltered({ segment: 7 })).toBe(true);
  expect(isFiltered({ advanced: true })).toBe(false);
});

test('list, bulk actions and export ask the same of segment and advanced search', () => {
  const both = { all: [{ field: 'segment', op: 'in', value: 7 }, tree] };
  expect(askedTree({})).toBeUndefined();
  expect(askedTree({ segment: 7 })).toEqual(both.all[0]);
  expect(askedTree({ segment: 7, conditions: tree })).toEqual(both);
  expect(toQuery({ q: 'a', segment: 7, conditions: tree })).toEqual({ q: 'a', conditions: JSON.stringify(both) });
  expect(toSelection({ q: 'a', segment: 7, conditions: tree })).toEqual({ filter: { text: 'a' }, conditions: both });
  expect(toSelection({ q: 'a' })).toEqual({ filter: { text: 'a' } });
});
