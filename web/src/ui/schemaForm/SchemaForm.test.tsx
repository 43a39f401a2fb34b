import { render } from '@/testing/render';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fireEvent } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration';
import { SchemaFormContext, type SchemaFormServices } from './references';
import { SchemaForm } from './SchemaForm';
import type { OptionDescription } from './types';

const tags = [
  { value: '1', label: 'vip' },
  { value: '2', label: 'lead' },
];
const services: SchemaFormServices = {
  references: {
    search: (_source, q) => Promise.resolve(tags.filter((t) => t.label.includes(q))),
    resolve: (_source, values) => Promise.resolve(tags.filter((t) => values.includes(t.value))),
    create: (_source, name) => Promise.resolve({ value: '9', label: name }),
  },
  templateTags: [{ tag: '%FIRSTNAME%', label: 'First name', group: 'Contact' }],
  condition: ({ onChange }) => <button onClick={() => onChange({ all: [] })}>edit condition</button>,
};

let now: Record<string, unknown> = {};
function Form({
  options,
  start = {},
  errors = {},
}: {
  options: OptionDescription[];
  start?: Record<string, unknown>;
  errors?: Record<string, string>;
}) {
  const [values, setValues] = useState(start);
  useEffect(() => {
    now = values;
  }, [values]);
  return (
    <SchemaFormContext value={services}>
      <SchemaForm options={options} values={values} onChange={setValues} errors={errors} />
    </SchemaFormContext>
  );
}
const one = (type: string, more: Partial<OptionDescription> = {}): OptionDescription[] => [
  { key: 'x', label: 'Thing', type, ...more },
];

test.each([
  ['text', 'hello', 'hello'],
  ['long_text', 'hello', 'hello'],
  ['rich_text', 'hello', 'hello'],
  ['template', 'hello', 'hello'],
  ['code', 'let a', 'let a'],
  ['url', 'https://a.example', 'https://a.example'],
  ['number', '1.5', 1.5],
  ['integer', '12', 12],
  ['percent', '40', 40],
  ['colour', '#ff0000', '#ff0000'],
])('%s is typed', async (type, typed, value) => {
  const user = userEvent.setup();
  render(<Form options={one(type)} />);
  await user.type(screen.getByLabelText('Thing'), typed);
  expect(now['x']).toEqual(value);
});

test.each([
  ['date', '2026-03-01', '2026-03-01'],
  ['time', '09:30', '09:30'],
  ['datetime', '2026-03-01T09:30', new Date('2026-03-01T09:30').toISOString()],
  ['json', '{"a":1}', { a: 1 }],
])('%s is set', (type, typed, value) => {
  render(<Form options={one(type)} />);
  fireEvent.change(screen.getByLabelText('Thing'), { target: { value: typed } });
  expect(now['x']).toEqual(value);
});

test('switch, choice, many and zone', async () => {
  const user = userEvent.setup();
  const choices = [
    { value: 'a', label: 'Alpha' },
    { value: 'b', label: 'Beta' },
  ];
  render(
    <Form
      options={[
        { key: 's', label: 'Flag', type: 'switch' },
        { key: 'c', label: 'Pick', type: 'choice', choices },
        { key: 'm', label: 'Some', type: 'many', choices },
        { key: 'z', label: 'Zone', type: 'zone' },
      ]}
    />,
  );
  await user.click(screen.getByLabelText('Flag'));
  await user.click(screen.getByRole('combobox', { name: 'Pick' }));
  await user.click(screen.getByRole('option', { name: 'Beta' }));
  await user.click(screen.getByRole('combobox', { name: 'Some' }));
  await user.click(screen.getByRole('option', { name: 'Alpha' }));
  await user.type(screen.getByRole('combobox', { name: 'Zone' }), 'Europe/Berlin');
  await user.click(screen.getByRole('option', { name: 'Europe/Berlin' }));
  expect(now).toEqual({ s: true, c: 'b', m: ['a'], z: 'Europe/Berlin' });
});

test('duration is number and unit inside, ISO 8601 outside', async () => {
  const user = userEvent.setup();
  render(<Form options={one('duration')} start={{ x: 'P2DT3H' }} />);
  const [days] = screen.getAllByLabelText('Thing: number');
  if (days) await user.clear(days);
  if (days) await user.type(days, '5');
  expect(now['x']).toBe('P5DT3H');
});

test.each(['P1Y2M3W4DT5H6M7S', 'PT30M', 'P1M'])('duration %s keeps its form', (text) =>
  expect(formatDuration(parseDuration(text))).toBe(text),
);

test('a reference is found on the server, and a tag can be made in place', async () => {
  const user = userEvent.setup();
  render(<Form options={one('reference', { source: 'tag', multiple: true })} />);
  await user.click(screen.getByRole('combobox', { name: 'Thing' }));
  await user.click(await screen.findByRole('option', { name: 'lead' }));
  expect(now['x']).toEqual([2]);
  await user.type(screen.getByRole('combobox', { name: 'Thing' }), 'brand new');
  await user.click(await screen.findByRole('option', { name: 'Create “brand new”' }));
  await waitFor(() => expect(now['x']).toEqual([2, 9]));
});

test('a personalization tag goes to the cursor', async () => {
  const user = userEvent.setup();
  render(<Form options={one('template')} start={{ x: 'Hi !' }} />);
  screen.getByLabelText<HTMLTextAreaElement>('Thing').setSelectionRange(3, 3);
  await user.click(screen.getByRole('button', { name: 'Personalize' }));
  await user.click(await screen.findByRole('menuitem', { name: 'First name' }));
  expect(now['x']).toBe('Hi %FIRSTNAME%!');
});

test('condition, map and repeated group', async () => {
  const user = userEvent.setup();
  render(
    <Form
      options={[
        { key: 'c', label: 'If', type: 'condition' },
        { key: 'h', label: 'Headers', type: 'map' },
        { key: 'g', label: 'Items', type: 'group', options: [{ key: 'n', label: 'Name', type: 'text', default: 'a' }] },
      ]}
      errors={{ 'g.0.n': 'too short' }}
    />,
  );
  await user.click(screen.getByRole('button', { name: 'edit condition' }));
  const [addHeader, addItem] = screen.getAllByRole('button', { name: 'Add' });
  if (addHeader) await user.click(addHeader);
  await user.type(screen.getByLabelText('Name 1'), 'k');
  await user.type(screen.getByLabelText('Value 1'), 'v');
  if (addItem) await user.click(addItem);
  expect(now).toEqual({ c: { all: [] }, h: { k: 'v' }, g: [{ n: 'a' }] });
  expect(screen.getByText('too short')).toBeTruthy();
});

test('an unknown type is edited as JSON with a note, and bad JSON keeps the last value', () => {
  render(<Form options={one('hologram')} start={{ x: 1 }} />);
  expect(screen.getByText(/does not know the type “hologram”/)).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Thing'), { target: { value: '{' } });
  expect(now['x']).toBe(1);
});

test('an option shows only when its condition holds', async () => {
  const user = userEvent.setup();
  render(
    <Form
      options={[
        { key: 's', label: 'Flag', type: 'switch' },
        { key: 't', label: 'More', type: 'text', visible_when: { key: 's', equals: true } },
      ]}
    />,
  );
  expect(screen.queryByLabelText('More')).toBeNull();
  await user.click(screen.getByLabelText('Flag'));
  expect(screen.getByLabelText('More')).toBeTruthy();
});

test('an option is hidden together with the one it depends on, and a missing value counts as its default', () => {
  const options = [
    { key: 'mode', label: 'Mode', type: 'choice', default: 'even' },
    { key: 'paths', label: 'Paths', type: 'text', visible_when: { key: 'mode', in: ['even'] } },
    { key: 'ends', label: 'Ends', type: 'text', visible_when: { key: 'mode', in: ['test'] } },
    { key: 'ends_on', label: 'Ends on', type: 'text', visible_when: { key: 'ends', in: ['date'] } },
  ];
  const { unmount } = render(<Form options={options} start={{ mode: 'test', ends: 'date' }} />);
  expect(screen.getByLabelText('Ends on')).toBeTruthy();
  unmount();
  // Back to even: what was chosen before is still in the values.
  render(<Form options={options} start={{ ends: 'date' }} />);
  expect(screen.queryByLabelText('Ends')).toBeNull();
  expect(screen.queryByLabelText('Ends on')).toBeNull();
  expect(screen.getByLabelText('Paths')).toBeTruthy();
});
