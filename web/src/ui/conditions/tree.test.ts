import { Problem } from '@/api/problem';
import { expect, test } from 'vitest';
import { errorsAt, treeErrors } from './errors';
import { childrenAt, editable, isAsking, isUnfinished, rootGroup, timesOf } from './tree';

test('a tree to edit has a group at its root and under each not, and is the same when edited again', () => {
  const leaf = { field: 'email', op: 'blank' };
  expect(editable(leaf)).toEqual({ all: [leaf] });
  expect(editable({ not: leaf })).toEqual({ not: { any: [leaf] } });
  expect(editable({ any: [{ not: leaf }, { all: [leaf] }] })).toEqual({
    any: [{ not: { any: [leaf] } }, { all: [leaf] }],
  });
  for (const tree of [null, {}, leaf, { not: { not: leaf } }, { all: [{ not: { all: [leaf, leaf] } }] }]) {
    const once = editable(tree);
    expect(editable(once)).toEqual(once);
  }
});

test('a row is unfinished while its operator lacks a value', () => {
  expect(isUnfinished({ field: 'email', op: 'is' })).toBe(true);
  expect(isUnfinished({ field: 'email', op: 'is', value: '' })).toBe(true);
  expect(isUnfinished({ field: 'tag', op: 'has_any', value: [] })).toBe(true);
  expect(isUnfinished({ field: 'score', op: 'between', value: [1, null] })).toBe(true);
  expect(isUnfinished({ field: 'score', op: 'between', value: [0, 1] })).toBe(false);
  expect(isUnfinished({ field: 'score', op: 'is', value: 0 })).toBe(false);
  expect(isUnfinished({ field: 'email', op: 'blank' })).toBe(false);
  expect(isUnfinished({ field: 'born', op: 'anniversary' })).toBe(false);
  expect(isUnfinished({ activity: 'email.opened' })).toBe(false);
  expect(isAsking({ all: [] })).toBe(false);
  expect(isAsking({ all: [{ any: [{ field: 'email', op: 'is' }] }, { activity: 'email.opened' }] })).toBe(false);
  expect(isAsking({ all: [{ not: { any: [{ field: 'email', op: 'blank' }] } }] })).toBe(true);
});

test('messages of the server meet the rows they are about', () => {
  const problem = new Problem({
    status: 422,
    errors: [
      { path: '/conditions/not/any/1/value', code: 'filter_invalid', message: 'Not a number.' },
      { path: '/conditions/not/any/10/value', code: 'filter_invalid', message: 'Another row.' },
      { path: '/conditions', code: 'filter_invalid', message: 'Too wide.' },
      { path: '/name', code: 'filter_invalid', message: 'Not about the tree.' },
    ],
  });
  const errors = treeErrors(problem);
  const group = rootGroup({ not: { any: [{ field: 'a' }, { field: 'b' }] } });
  expect(errorsAt(errors, `${childrenAt(group)}/1`)).toEqual(['Not a number.']);
  expect(errors['']).toBe('Too wide.');
  expect(Object.keys(errors)).toHaveLength(3);
  expect(treeErrors(null)).toEqual({});
});

test('how often is at least once where nothing is said', () => {
  expect(timesOf({ activity: 'x' })).toEqual(['at_least', 1]);
  expect(timesOf({ activity: 'x', times: { at_most: 0 } })).toEqual(['at_most', 0]);
});
