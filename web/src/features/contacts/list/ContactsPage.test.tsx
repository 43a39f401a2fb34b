import { renderRoutes } from '@/testing/renderRoutes';
import { server } from '@/testing/server';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { answerContacts, bulkJob, contactRows } from '../fixtures';
import { feature } from '../routes';

let asked: URLSearchParams[] = [];

beforeEach(() => {
  asked = [];
  answerContacts();
  server.use(
    http.get('*/api/app/contacts', ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ items: contactRows, next_cursor: null, total: 3, total_is_capped: false });
    }),
  );
});

const open = (at: string) => renderRoutes(feature.routes ?? [], at);

test('a search is held by the URL and sent to the server', async () => {
  const router = await open('/contacts');
  await userEvent.type(await screen.findByLabelText('Name, e-mail, @domain'), 'ada');
  await waitFor(() => expect(router.state.location.search).toMatchObject({ q: 'ada' }));
  await waitFor(() => expect(asked.at(-1)?.get('q')).toBe('ada'));
});

test('filters of the URL are sent, shown in words, and leave both when their chip is removed', async () => {
  const router = await open('/contacts?tag=7&status=active&list=3&sort=-email');
  const chip = await screen.findByRole('button', { name: 'Remove filter Tag is vip' });
  expect(await screen.findByText('List News: active')).toBeTruthy();
  expect(Object.fromEntries(asked.at(-1) ?? [])).toMatchObject({
    tag: '7',
    list: '3',
    status: 'active',
    sort: '-email',
  });
  await userEvent.click(chip);
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty('tag'));
  await waitFor(() => expect(asked.at(-1)?.has('tag')).toBe(false));
});

test('the form of filters puts what was chosen into the URL', async () => {
  const router = await open('/contacts');
  await userEvent.click(await screen.findByRole('button', { name: 'Filter' }));
  const form = await screen.findByRole('dialog', { name: 'Filter' });
  await userEvent.type(within(form).getByLabelText('Created from'), '2026-01-31');
  await userEvent.click(within(form).getByRole('button', { name: 'Show contacts' }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ from: '2026-01-31' }));
  await waitFor(() => expect(asked.at(-1)?.get('created_from')).toBe(new Date('2026-01-31T00:00:00').toISOString()));
});

const tagAll = async () => {
  await userEvent.click(await screen.findByRole('button', { name: 'Add tag' }));
  const dialog = await screen.findByRole('dialog', { name: /^Add tag: / });
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'Tag' }));
  await userEvent.click(await screen.findByRole('option', { name: 'vip' }));
  await userEvent.click(within(dialog).getByRole('button', { name: /^Add tag: / }));
};

test('a bulk action is drawn from the catalogue, says what came of it, and is taken back by a job of its own', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post('*/api/app/contacts/bulk', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(bulkJob, { status: 201 });
    }),
    http.post('*/api/app/contacts/bulk/5/undo', () => {
      sent.push('undo');
      return HttpResponse.json({ ...bulkJob, id: 6, undo_of: 5, undo_until: null }, { status: 201 });
    }),
  );
  await open('/contacts');
  await screen.findAllByText('3 contacts');
  screen.getByRole('grid').focus();
  await userEvent.keyboard('{Control>}a{/Control}');
  await tagAll();
  expect(await screen.findByText('Add the tag “vip”: 2 contacts changed. 1 left out.')).toBeTruthy();
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent).toEqual([{ action: 'tag.add', settings: { tag: 7 }, contact_ids: [1, 2, 3] }, 'undo']);
});

test('all that match are chosen by their filter with the exact number, but for those that are unticked', async () => {
  const sent: unknown[] = [];
  server.use(
    http.get('*/api/app/contacts', () =>
      HttpResponse.json({ items: contactRows, next_cursor: null, total: 10_000, total_is_capped: true }),
    ),
    http.post('*/api/app/contacts/bulk/count', () => HttpResponse.json({ total: 41_233 })),
    http.post('*/api/app/contacts/bulk', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...bulkJob, state: 'running', total: 41_232, undo_until: null }, { status: 201 });
    }),
  );
  await open('/contacts?q=a');
  // By keys: jsdom lays nothing out, so the grid mounts no rows here.
  await screen.findByText('More than 10,000 contacts');
  screen.getByRole('grid').focus();
  await userEvent.keyboard('jx');
  await userEvent.click(await screen.findByRole('button', { name: 'Select all that match' }));
  expect(await screen.findByText('41,233 selected')).toBeTruthy();
  screen.getByRole('grid').focus();
  await userEvent.keyboard('jx');
  expect(await screen.findByText('41,232 selected')).toBeTruthy();
  await tagAll();
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ filter: { text: 'a' }, except: [2] });
});

test('an empty account is offered an import and a first contact; a filter without a match is offered its removal', async () => {
  server.use(
    http.get('*/api/app/contacts', () =>
      HttpResponse.json({ items: [], next_cursor: null, total: 0, total_is_capped: false }),
    ),
  );
  const router = await open('/contacts?q=nobody');
  await userEvent.click(await screen.findByRole('button', { name: 'Clear search and filters' }));
  expect(await screen.findByText('No contacts yet')).toBeTruthy();
  expect(router.state.location.search).toEqual({});
});

test('a taken address is said at its field, and what was typed stays', async () => {
  server.use(
    http.post('*/api/app/contacts', () =>
      HttpResponse.json(
        { status: 409, code: 'contact_exists', title: 'A contact with this e-mail address exists.' },
        { status: 409, headers: { 'content-type': 'application/problem+json' } },
      ),
    ),
  );
  await open('/contacts?create=true');
  const dialog = await screen.findByRole('dialog', { name: 'New contact' });
  const address = within(dialog).getByLabelText('E-mail');
  await userEvent.type(address, 'ada@example.com');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Create contact' }));
  expect(await within(dialog).findByText('A contact with this e-mail address exists.')).toBeTruthy();
  expect(address).toHaveProperty('value', 'ada@example.com');
});
