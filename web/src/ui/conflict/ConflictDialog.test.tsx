import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ConflictDialog } from './ConflictDialog';
import { inConflict, onlyTheirs } from './conflicts';

const fields = [
  { key: 'first_name', label: 'First name', base: 'Ann', mine: 'Anna', theirs: 'Anne' },
  { key: 'phone', label: 'Phone', base: '1', mine: '1', theirs: '2' },
  { key: 'last_name', label: 'Last name', base: 'Lee', mine: 'Li', theirs: 'Li' },
  { key: 'email', label: 'E-mail', base: 'a@b.c', mine: 'x@b.c', theirs: 'a@b.c' },
];

test('only what both changed differently has to be chosen', () => {
  expect(inConflict(fields).map((f) => f.key)).toEqual(['first_name']);
  expect(onlyTheirs(fields).map((f) => f.key)).toEqual(['phone']);
});

test('theirs is chosen at first, mine by a key or a click', async () => {
  const resolve = vi.fn();
  render(<ConflictDialog name="Ann Lee" fields={fields} onResolve={resolve} onClose={() => {}} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Keep theirs' }));
  expect(resolve).toHaveBeenLastCalledWith({ first_name: 'theirs' });
  await userEvent.click(screen.getByRole('radio', { name: 'Yours, not saved: Anna' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save my choice' }));
  expect(resolve).toHaveBeenLastCalledWith({ first_name: 'mine' });
  expect(screen.getByText('Also changed by others, and kept: Phone')).toBeTruthy();
});
