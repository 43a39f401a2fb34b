import { render } from '@/testing/render';
import { server } from '@/testing/server';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, test, vi } from 'vitest';
import { AddDomainForm } from './domains/AddDomainForm';
import { SmtpForm } from './sending/SmtpForm';

test('a refused domain is said at its field, and typing takes the refusal away', async () => {
  server.use(
    http.post('*/api/app/sender-domains', () =>
      HttpResponse.json(
        { status: 422, code: 'validation_failed', errors: [{ path: '/domain', message: 'This is no domain.' }] },
        { status: 422, headers: { 'content-type': 'application/problem+json' } },
      ),
    ),
  );
  render(<AddDomainForm />);
  const field = await screen.findByLabelText(/Domain/);
  await userEvent.type(field, 'nonsense{Enter}');
  expect(await screen.findByText('This is no domain.')).toBeTruthy();
  await userEvent.type(field, '.example');
  expect(screen.queryByText('This is no domain.')).toBeNull();
});

test('a stored password is kept unless a new one is typed, and the test says where it stopped', async () => {
  const sent = vi.fn();
  server.use(
    http.post('*/api/app/sending/smtp/test', async ({ request }) => {
      sent(await request.json());
      return HttpResponse.json({ ok: false, stage: 'auth', reply: '535 Bad credentials', milliseconds: 120 });
    }),
  );
  render(
    <SmtpForm smtp={{ host: 'smtp.acme.example', port: 587, tls: 'start_tls', user_name: 'ann', has_secret: true }} />,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Test connection' }));
  expect(await screen.findByText('535 Bad credentials')).toBeTruthy();
  expect(screen.getAllByLabelText('Worked')).toHaveLength(4);
  await waitFor(() => expect(sent).toHaveBeenCalledWith(expect.objectContaining({ password: null, user_name: 'ann' })));
});
