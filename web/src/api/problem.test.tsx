import { server } from '@/testing/server';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { client } from './client';
import { fieldErrors, Problem, problemKind, toProblem } from './problem';
import { settleSignIn, useWaiting } from './resilience';

const at = (path: string) => `${window.location.origin}${path}`;
const failing = (status: number, body: object, headers: Record<string, string> = {}) =>
  HttpResponse.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });

test('paths of a validation problem become form fields, whatever their notation', async () => {
  server.use(
    http.post(at('/api/app/setup'), () =>
      failing(422, {
        code: 'validation_failed',
        errors: [
          { path: '/email', message: 'taken' },
          { path: 'sender.items[0]', message: 'bad' },
          { path: 'email', message: 'odd' },
        ],
      }),
    ),
  );
  const body = {
    account_name: '',
    name: '',
    email: '',
    password: '',
    time_zone: '',
    sender_name: '',
    sender_address: '',
  };
  const error: unknown = await client.POST('/api/app/setup', { body }).catch((e: unknown) => e);
  expect(problemKind(error)).toBe('validation');
  expect(fieldErrors(error)).toEqual({ email: 'taken odd', 'sender.items.0': 'bad' });
});

test('an answer that is no JSON still becomes a problem with its trace id', async () => {
  server.use(
    http.get(at('/api/app/home'), () => new HttpResponse('<html>', { status: 500, headers: { 'x-trace-id': 'abc' } })),
  );
  const error: unknown = await client.GET('/api/app/home').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Problem);
  expect(toProblem(error)).toMatchObject({ status: 500, trace_id: 'abc' });
});

test('no answer is told apart from a mistake of the page', async () => {
  server.use(http.get(at('/api/app/home'), () => HttpResponse.error()));
  expect(problemKind(await client.GET('/api/app/home').catch((e: unknown) => e))).toBe('unreachable');
  expect(problemKind(new TypeError('x is undefined'))).toBe('page');
});

test('unsafe methods carry the anti-forgery token, safe ones do not', async () => {
  document.cookie = 'millrace_csrf=t%2B1; path=/';
  const seen: (string | null)[] = [];
  server.use(
    http.delete(at('/api/app/session'), ({ request }) => {
      seen.push(request.headers.get('X-CSRF-Token'));
      return new HttpResponse(null, { status: 204 });
    }),
    http.get(at('/api/app/home'), ({ request }) => {
      seen.push(request.headers.get('X-CSRF-Token'));
      return HttpResponse.json({ checklist: [], metrics: [], recent: [] });
    }),
  );
  await client.DELETE('/api/app/session');
  await client.GET('/api/app/home');
  expect(seen).toEqual(['t+1', null]);
});

test('a 401 asks to sign in and sends the same request again', async () => {
  let calls = 0;
  server.use(
    http.get(at('/api/app/home'), () =>
      ++calls === 1
        ? failing(401, { code: 'unauthenticated' })
        : HttpResponse.json({ checklist: [], metrics: [], recent: [] }),
    ),
  );
  const answer = client.GET('/api/app/home');
  await expect.poll(() => useWaiting.getState().signIn).toBe(true);
  settleSignIn(true);
  expect((await answer).data).toEqual({ checklist: [], metrics: [], recent: [] });
  await expect.poll(() => useWaiting.getState().signIn).toBe(false);
});

test('a busy server is asked again after the time it names; a write it may have begun is not', async () => {
  let reads = 0;
  let writes = 0;
  server.use(
    http.get(at('/api/app/home'), () =>
      ++reads === 1
        ? failing(503, {}, { 'retry-after': '0' })
        : HttpResponse.json({ checklist: [], metrics: [], recent: [] }),
    ),
    http.delete(at('/api/app/session'), () => {
      writes++;
      return failing(503, {});
    }),
  );
  await client.GET('/api/app/home');
  const error: unknown = await client.DELETE('/api/app/session').catch((e: unknown) => e);
  expect([reads, writes, problemKind(error)]).toEqual([2, 1, 'busy']);
});
