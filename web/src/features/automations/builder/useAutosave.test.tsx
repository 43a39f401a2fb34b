import { server } from '@/testing/server';
import { act, renderHook, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import type { AutomationDocument } from '../model/document';
import { createBuilderStore } from './store';
import { useAutosave } from './useAutosave';

const meta = { name: 'Welcome', description: '' };
const withStep = (id: string): AutomationDocument => ({ triggers: [], steps: [{ id, type: 'email.send' }] });

function setUp(answers: (() => Response)[]) {
  const seen: { match: string | null; body: unknown }[] = [];
  server.use(
    http.put('*/api/app/automations/7', async ({ request }) => {
      seen.push({ match: request.headers.get('if-match'), body: await request.json() });
      return (answers.shift() ?? (() => HttpResponse.json({ revision: 99 })))();
    }),
  );
  const store = createBuilderStore({ triggers: [], steps: [] }, meta);
  const hook = renderHook(() => useAutosave('7', store, 4));
  return { store, seen, hook };
}

test('a change is saved with the revision it was made on, the next with the one the server gave', async () => {
  const { store, seen, hook } = setUp([
    () => HttpResponse.json({ revision: 5 }),
    () => HttpResponse.json({ revision: 6 }),
  ]);
  act(() => store.getState().change(withStep('a')));
  expect(hook.result.current.state).toBe('saving');
  await waitFor(() => expect(hook.result.current.state).toBe('saved'), { timeout: 3000 });
  act(() => store.getState().describe({ name: 'Hello' }));
  await act(() => hook.result.current.save());
  expect(seen.map((x) => x.match)).toEqual(['"4"', '"5"']);
  expect(seen[1]?.body).toEqual({ name: 'Hello', description: '', document: withStep('a') });
});

test('nothing is sent when nothing changed', async () => {
  const { seen, hook } = setUp([]);
  expect(await hook.result.current.save()).toBe(true);
  expect(seen).toEqual([]);
});

test('what someone else changed is not written over until one says so', async () => {
  const { store, seen, hook } = setUp([
    () => HttpResponse.json({ status: 412, code: 'version_conflict' }, { status: 412 }),
    () => HttpResponse.json({ revision: 10 }),
  ]);
  act(() => store.getState().change(withStep('a')));
  await act(() => hook.result.current.save());
  expect(hook.result.current.state).toBe('conflict');
  act(() => store.getState().change(withStep('b')));
  expect(await hook.result.current.save()).toBe(false);
  expect(seen).toHaveLength(1);
  await act(() => hook.result.current.overwrite(9));
  expect(seen[1]?.match).toBe('"9"');
  expect(hook.result.current.state).toBe('saved');
});

test('a fault of the server is tried again, a refusal is not', async () => {
  const { store, seen, hook } = setUp([
    () => HttpResponse.json({ status: 500 }, { status: 500 }),
    () => HttpResponse.json({ revision: 5 }),
    () => HttpResponse.json({ status: 422, code: 'validation_failed' }, { status: 422 }),
  ]);
  act(() => store.getState().change(withStep('a')));
  await act(() => hook.result.current.save());
  expect(hook.result.current.state).toBe('retrying');
  await waitFor(() => expect(hook.result.current.state).toBe('saved'), { timeout: 5000 });
  act(() => store.getState().change(withStep('b')));
  await act(() => hook.result.current.save());
  expect(hook.result.current.state).toBe('refused');
  expect(seen).toHaveLength(3);
});
