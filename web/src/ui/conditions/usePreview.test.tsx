import { server } from '@/testing/server';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { delay, http, HttpResponse } from 'msw';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import type { ConditionNode } from './tree';
import { usePreview } from './usePreview';

const named = (value: string): ConditionNode => ({ all: [{ field: 'first_name', op: 'is', value }] });

test('the server is asked once one rests, and a question typed over is given up', async () => {
  const asked: string[] = [];
  const givenUp: string[] = [];
  server.use(
    http.post('*/api/app/segments/preview', async ({ request }) => {
      const { conditions } = (await request.json()) as { conditions: { all: { value: string }[] } };
      const value = conditions.all[0]?.value ?? '';
      asked.push(value);
      request.signal.addEventListener('abort', () => givenUp.push(value));
      // The first one would take longer than anybody waits.
      if (value === 'An') await delay('infinite');
      return HttpResponse.json({ count: 3, took_ms: 12, sample: [], words: `First name is ${value}` });
    }),
  );
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const hook = renderHook(({ tree }) => usePreview(tree), { wrapper, initialProps: { tree: named('A') } });
  hook.rerender({ tree: named('An') });
  await waitFor(() => expect(asked).toContain('An'));
  hook.rerender({ tree: named('Ann') });
  hook.rerender({ tree: named('Anna') });
  expect(hook.result.current.fresh).toBe(false);
  await waitFor(() => expect(hook.result.current.fresh).toBe(true));
  expect(hook.result.current.data).toMatchObject({ count: 3, took_ms: 12 });
  // The first tree is asked at once; of what was typed after it, only what stood for a while.
  expect(asked).toEqual(['A', 'An', 'Anna']);
  expect(givenUp).toContain('An');
});
