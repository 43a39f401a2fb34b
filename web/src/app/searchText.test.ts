import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './searchText';

test('texts that look like numbers stand as they are', () => {
  expect(stringifySearch({ days: '7', q: '0012', first: '2026-11-01' })).toBe('?days=7&q=0012&first=2026-11-01');
  expect(parseSearch('?days=7&file=12')).toEqual({ days: '7', file: '12' });
});

test.each<[unknown]>([
  ['a & b=c'],
  ['true'],
  ['"quoted"'],
  ['{"a":1}'],
  ['[x'],
  [''],
  [true],
  [{ all: [{ n: 1 }] }],
  [null],
])('%j comes back as it was', (value) => expect(parseSearch(stringifySearch({ value }))).toEqual({ value }));

test('nothing given is no question mark, and addresses of before are understood', () => {
  expect(stringifySearch({ q: undefined })).toBe('');
  expect(parseSearch('?days=%227%22&bad=%7Bx')).toEqual({ days: '7', bad: '{x' });
});
