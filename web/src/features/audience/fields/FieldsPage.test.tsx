import { renderRoutes } from '@/testing/renderRoutes';
import { server } from '@/testing/server';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { feature } from '../routes';
import { reordered, type Field } from './useFields';

const field = (id: number, name: string, group_id: number | null = null): Field => ({
  id,
  name,
  key: name.toUpperCase(),
  type: 'text',
  group_id,
  description: '',
  default_value: '',
  required: false,
  visible: true,
  options: [],
});

let sent: unknown[] = [];

beforeEach(() => {
  sent = [];
  const record = async ({ request }: { request: Request }) => {
    sent.push(await request.json());
    return HttpResponse.json({ items: [] });
  };
  server.use(
    http.get('*/api/app/fields', () => HttpResponse.json({ items: [field(1, 'City'), field(2, 'Plan')] })),
    http.get('*/api/app/field-groups', () => HttpResponse.json({ items: [] })),
    http.put('*/api/app/fields/order', record),
    http.post('*/api/app/fields', record),
  );
});

test('a field moves by keys, at once, and the whole order is sent', async () => {
  await renderRoutes(feature.routes ?? [], '/fields');
  (await screen.findByRole('button', { name: 'Move City' })).focus();
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  await waitFor(() => expect(sent).toEqual([{ ids: [2, 1] }]));
  const names = screen.getAllByRole('button', { name: /^Move / }).map((b) => b.getAttribute('aria-label'));
  expect(names).toEqual(['Move Plan', 'Move City']);
});

test('a choice needs an option, and its empty rows are not sent', async () => {
  await renderRoutes(feature.routes ?? [], '/fields');
  await userEvent.click(await screen.findByRole('button', { name: 'Create field' }));
  const panel = await screen.findByRole('dialog', { name: 'New field' });
  await userEvent.type(within(panel).getByRole('textbox', { name: 'Name' }), 'Size');
  await userEvent.click(within(panel).getByRole('combobox', { name: 'Type' }));
  await userEvent.click(await screen.findByRole('option', { name: /Dropdown/ }));
  await userEvent.click(within(panel).getByRole('button', { name: 'Create field' }));
  expect(await within(panel).findByText('Give at least one option.')).toBeTruthy();
  await userEvent.type(within(panel).getByLabelText('Option 2'), 'Large');
  await userEvent.click(within(panel).getByRole('button', { name: 'Create field' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    name: 'Size',
    type: 'dropdown',
    options: [{ value: 'Large', label: 'Large', is_default: false }],
  });
});

test('fields of one group change places among themselves only', () => {
  const [a, b, c] = [field(1, 'A', 9), field(2, 'B'), field(3, 'C', 9)];
  expect(reordered([a, b, c], [c, a]).map((f) => f.id)).toEqual([3, 2, 1]);
});
