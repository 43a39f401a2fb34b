import { expect, test } from 'vitest';
import { findErrors, proposed, samplesOf, toChoices, type Column, type Preview } from './mapping';

const column = (index: number, target: string, newName = `Column ${index}`): Column => ({
  index,
  name: newName,
  target,
  newName,
  newType: 'text',
});

test('an address is needed', () => {
  expect(findErrors([column(0, 'first_name')]).all).toBe('email_missing');
  expect(findErrors([column(0, 'email')])).toEqual({ byColumn: new Map() });
});

test('no two columns go to one place, but any number may be left out', () => {
  const errors = findErrors([
    column(0, 'email'),
    column(1, 'skip'),
    column(2, 'skip'),
    column(3, 'field:4'),
    column(4, 'field:4'),
    column(5, 'email'),
  ]);
  expect([...errors.byColumn]).toEqual([
    [4, 'twice'],
    [5, 'twice'],
  ]);
});

test('new fields have names, each its own, whatever the case', () => {
  const errors = findErrors([
    column(0, 'email'),
    column(1, 'new', ' '),
    column(2, 'new', 'City'),
    column(3, 'new', 'city '),
  ]);
  expect([...errors.byColumn]).toEqual([
    [1, 'name_missing'],
    [3, 'name_twice'],
  ]);
});

test('each column becomes one choice in the order of the file', () => {
  expect(toChoices([column(0, 'email'), column(1, 'skip'), column(2, 'field:12'), column(3, 'new', ' City ')])).toEqual(
    [
      { target: 'email' },
      { target: 'skip' },
      { target: 'field', field_id: 12 },
      { target: 'field', new_field: { name: 'City', type: 'text' } },
    ],
  );
});

test('what the server guessed is where the mapping starts, with different samples', () => {
  const preview = {
    columns: [
      { index: 0, name: 'Mail', proposal: { target: 'email' } },
      { index: 1, name: 'Ort', proposal: { target: 'field', field_id: 3 } },
      { index: 2, name: 'Since', proposal: { target: 'field', new_field: { name: 'Since', type: 'date' } } },
    ],
    rows: [
      ['a@b.c', 'Berlin', ''],
      ['d@e.f', 'Berlin', '2026-01-01'],
    ],
  } as unknown as Preview;
  expect(proposed(preview).map((c) => [c.target, c.newType])).toEqual([
    ['email', 'text'],
    ['field:3', 'text'],
    ['new', 'date'],
  ]);
  expect([samplesOf(preview, 1), samplesOf(preview, 2)]).toEqual([['Berlin'], ['2026-01-01']]);
});
