import { renderRoutes } from '@/testing/renderRoutes';
import { server } from '@/testing/server';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { answerContacts, profile } from '../fixtures';
import { feature } from '../routes';

beforeEach(() => {
  sessionStorage.clear();
  answerContacts();
});

const open = () => renderRoutes(feature.routes ?? [], '/contacts/1');

test('a tag is gone at once, and undo puts it on again by a request of its own', async () => {
  const sent: string[] = [];
  let answer: () => void = () => {};
  server.use(
    http.delete('*/api/app/contacts/1/tags/7', async () => {
      sent.push('delete');
      await new Promise<void>((resolve) => (answer = resolve));
      server.use(http.get('*/api/app/contacts/1', () => HttpResponse.json({ ...profile, tags: [] })));
      return new HttpResponse(null, { status: 204 });
    }),
    http.post('*/api/app/contacts/1/tags', async ({ request }) => {
      sent.push(JSON.stringify(await request.json()));
      server.use(http.get('*/api/app/contacts/1', () => HttpResponse.json(profile)));
      return HttpResponse.json({ id: 7, name: 'vip' });
    }),
  );
  await open();
  await userEvent.click(await screen.findByRole('button', { name: 'Remove tag vip' }));
  // The server has not answered yet.
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove tag vip' })).toBeNull());
  expect(sent).toEqual(['delete']);
  answer();
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(await screen.findByRole('button', { name: 'Remove tag vip' })).toBeTruthy();
  expect(sent).toEqual(['delete', '{"name":"vip"}']);
});

test('a tag that the server refuses to take off comes back', async () => {
  server.use(http.delete('*/api/app/contacts/1/tags/7', () => new HttpResponse(null, { status: 500 })));
  await open();
  await userEvent.click(await screen.findByRole('button', { name: 'Remove tag vip' }));
  expect(await screen.findAllByText('Something failed on the server')).not.toHaveLength(0);
  expect(await screen.findByRole('button', { name: 'Remove tag vip' })).toBeTruthy();
});

test('a field saves when it is left and shows what the server says against it', async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch('*/api/app/contacts/1', async ({ request }) => {
      const body = (await request.json()) as { first_name?: string; email?: string };
      sent.push(body);
      return body.email === undefined
        ? HttpResponse.json({ ...profile, ...body })
        : HttpResponse.json(
            { status: 422, code: 'validation_failed', errors: [{ path: '/email', message: 'Not an address.' }] },
            { status: 422, headers: { 'content-type': 'application/problem+json' } },
          );
    }),
  );
  await open();
  const name = await screen.findByLabelText('First name');
  await userEvent.clear(name);
  await userEvent.type(name, 'Augusta');
  await userEvent.tab();
  expect(await screen.findByRole('heading', { level: 1, name: 'Augusta Lovelace' })).toBeTruthy();
  await userEvent.type(screen.getByLabelText('E-mail'), '@');
  await userEvent.tab();
  expect(await screen.findByText('Not an address.')).toBeTruthy();
  expect(sent).toEqual([{ first_name: 'Augusta' }, { email: 'ada@example.com@' }]);
});

test('a note that could not be saved stays typed', async () => {
  server.use(http.post('*/api/app/contacts/1/notes', () => new HttpResponse(null, { status: 500 })));
  await open();
  const note = await screen.findByLabelText('Note');
  await userEvent.type(note, 'Call back{Control>}{Enter}{/Control}');
  await waitFor(() => expect(note.getAttribute('aria-invalid')).toBe('true'));
  expect(note).toHaveProperty('value', 'Call back');
  expect(sessionStorage.getItem('millrace.note.1')).toBe('Call back');
});

test('someone who unsubscribed is not made active without a question', async () => {
  server.use(
    http.get('*/api/app/contacts/1', () =>
      HttpResponse.json({ ...profile, lists: [{ ...profile.lists[0], status: 'unsubscribed' }] }),
    ),
  );
  await open();
  await userEvent.click(await screen.findByRole('button', { name: 'Change standing on News' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Make active' }));
  expect(await screen.findByRole('dialog', { name: 'Make active again on News' })).toBeTruthy();
});

test('a field that someone else changed meanwhile is decided side by side, on their version', async () => {
  const versions: (string | null)[] = [];
  const theirs = { ...profile, version: '2', first_name: 'Adele' };
  await open();
  const field = await screen.findByLabelText('First name');
  server.use(
    http.get('*/api/app/contacts/1', () => HttpResponse.json(theirs)),
    http.patch('*/api/app/contacts/1', ({ request }) => {
      versions.push(request.headers.get('if-match'));
      return versions.length === 1
        ? HttpResponse.json(
            { status: 412, code: 'version_conflict', title: 'Someone changed this contact in the meantime.' },
            { status: 412, headers: { 'content-type': 'application/problem+json' } },
          )
        : HttpResponse.json({ ...theirs, version: '3', first_name: 'Adam' });
    }),
  );
  await userEvent.clear(field);
  await userEvent.type(field, 'Adam');
  await userEvent.tab();
  await userEvent.click(await screen.findByRole('radio', { name: 'Yours, not saved: Adam' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save my choice' }));
  await waitFor(() => expect(versions).toEqual(['"1"', '"2"']));
  expect(field).toHaveProperty('value', 'Adam');
});
