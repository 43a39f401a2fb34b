import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { FieldEditor } from './FieldEditor';
import { fromLocal, toLocal } from './fieldValue';

function edit(type: string, value = '', options: string[] = []) {
  const onChange = vi.fn();
  const field = { id: 1, name: 'It', key: 'IT', type, value, options };
  render(<FieldEditor field={field} readOnly={false} value={value} onChange={onChange} onBlur={() => {}} />);
  return onChange;
}

test.each(['text', 'hidden', 'number', 'currency', 'textarea', 'a_type_of_tomorrow'])('%s is typed', async (type) => {
  const onChange = edit(type);
  await userEvent.type(await screen.findByLabelText('It'), '5');
  expect(onChange).toHaveBeenCalledWith('5');
});

test.each(['dropdown', 'radio'])('%s offers its options and can be cleared', async (type) => {
  const onChange = edit(type, '', ['Free', 'Team']);
  await userEvent.click(await screen.findByRole('combobox', { name: 'It' }));
  await userEvent.click(screen.getByRole('option', { name: 'Team' }));
  expect(onChange).toHaveBeenCalledWith('Team');
});

test.each(['listbox', 'checkbox'])('%s writes several choices between double pipes', async (type) => {
  const onChange = edit(type, '||Code||', ['Code', 'Design']);
  await userEvent.click(await screen.findByRole('combobox', { name: 'It' }));
  await userEvent.click(screen.getByRole('option', { name: 'Design' }));
  expect(onChange).toHaveBeenCalledWith('||Code||Design||');
});

test('an option that no longer exists is still shown', async () => {
  edit('dropdown', 'Old plan', ['Free']);
  expect(await screen.findByRole('combobox', { name: 'It' })).toHaveProperty('value', 'Old plan');
});

test('a language is chosen by its name', async () => {
  const onChange = edit('language');
  await userEvent.type(await screen.findByRole('combobox', { name: 'It' }), 'German');
  await userEvent.click(screen.getByRole('option', { name: 'German' }));
  expect(onChange).toHaveBeenCalledWith('de');
});

test('a time is edited on the own clock and kept as an instant', () => {
  const instant = '2026-03-31T10:15:00.000Z';
  expect(fromLocal(toLocal(instant))).toBe(instant);
  expect([toLocal(''), fromLocal(''), toLocal('nonsense')]).toEqual(['', '', '']);
});
