import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startLive } from './start';
import { liveEvery, useLive } from './state';
import { keysOf } from './topics';

class Source {
  static all: Source[] = [];
  onopen = () => {};
  onmessage: (e: { data: string }) => void = () => {};
  onerror = () => {};
  closed = false;
  constructor() {
    Source.all.push(this);
  }
  addEventListener() {}
  close() {
    this.closed = true;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  useLive.setState({ connected: false });
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('BroadcastChannel', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a message asks again for what is shown of its topic, at once and after the pause; other things are left alone', async () => {
  const client = new QueryClient();
  const asked = { imports: 0, exports: 0 };
  const watch = (name: keyof typeof asked) =>
    new QueryObserver(client, {
      queryKey: ['get', `/api/app/${name}`],
      queryFn: () => Promise.resolve(++asked[name]),
      staleTime: Infinity,
    }).subscribe(() => {});
  startLive(client);
  Source.all[0]?.onopen();
  watch('imports');
  watch('exports');
  await vi.advanceTimersByTimeAsync(10_000);
  const before = { ...asked };
  Source.all[0]?.onmessage({ data: '{"topics":["imports"]}' });
  Source.all[0]?.onmessage({ data: '{"topics":["imports"]}' });
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toEqual({ imports: before.imports + 1, exports: before.exports });
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked.imports).toBe(before.imports + 2);
});

test('a lost connection is tried again with growing pauses, and pages ask by themselves meanwhile', async () => {
  startLive(new QueryClient());
  Source.all[0]?.onopen();
  expect(liveEvery(5000)).toBe(60_000);
  Source.all[0]?.onerror();
  expect(liveEvery(5000)).toBe(5000);
  expect(Source.all[0]?.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(1300);
  expect(Source.all).toHaveLength(2);
  Source.all[1]?.onerror();
  await vi.advanceTimersByTimeAsync(1300);
  expect(Source.all).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1500);
  expect(Source.all).toHaveLength(3);
});

test('an automation is told by its id', () => {
  expect(keysOf('automation:7')).toContainEqual(['automations', '7', 'counts']);
  expect(keysOf('nonsense')).toEqual([]);
});
