import { render } from '@/testing/render';
import { server } from '@/testing/server';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, test, vi } from 'vitest';
import type { Draft } from './MailComposer';
import { MailForm } from './MailForm';

const draft: Draft = {
  exists: true,
  to: 'ada@example.com',
  subject: 'Hi %FIRSTNAME%',
  body: 'How are you?',
  is_plain: true,
  mailbox_id: null,
  cc: '',
  bcc: '',
  track_opens: true,
  track_clicks: true,
  files_as_links: true,
  response_id: null,
  files: [],
  tags: [{ tag: '%FIRSTNAME%', value: '', is_missing: true }],
  froms: [{ mailbox_id: null, name: 'Ann', address: 'ann@acme.example' }],
  refusal: null,
  warning: null,
  saved_at: '2026-11-20T10:00:00Z',
  start_when_sent: null,
  start_when_replied: null,
  may_automate: false,
};

test('a tag without a value blocks sending until one is given, and what was typed is saved first', async () => {
  const calls: string[] = [];
  const onSent = vi.fn(() => Promise.resolve());
  server.use(
    http.put('*/api/app/contacts/1/personal-draft', async ({ request }) => {
      const body = (await request.json()) as { subject: string };
      calls.push(`save ${body.subject}`);
      return HttpResponse.json({ ...draft, subject: body.subject });
    }),
    http.post('*/api/app/contacts/1/personal-draft/send', async ({ request }) => {
      calls.push(`send ${JSON.stringify(await request.json())}`);
      return HttpResponse.json({ id: 9 });
    }),
  );
  render(
    <MailForm contactId={1} draft={draft} tags={[]} onDropped={() => Promise.resolve(undefined)} onSent={onSent} />,
  );
  const send = await screen.findByRole('button', { name: 'Send' });
  expect(send).toHaveProperty('disabled', true);
  await userEvent.type(screen.getByLabelText('In place of %FIRSTNAME%'), 'Ada');
  await userEvent.type(screen.getByLabelText('Subject'), '!');
  await userEvent.click(send);
  await waitFor(() => expect(onSent).toHaveBeenCalled());
  expect(calls.at(-2)).toBe('save Hi %FIRSTNAME%!');
  expect(calls.at(-1)).toBe('send {"values":{"%FIRSTNAME%":"Ada"}}');
});

test('whom nothing may be sent to is said, and nothing can be sent', async () => {
  render(
    <MailForm
      contactId={1}
      draft={{ ...draft, refusal: 'complaint', tags: [] }}
      tags={[]}
      onDropped={() => Promise.resolve(undefined)}
      onSent={() => Promise.resolve()}
    />,
  );
  expect(await screen.findByText(/reported an earlier mail as spam/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true);
});
