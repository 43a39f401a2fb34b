import { expect, test } from 'vitest';
import { happened } from '../fixtures';
import { sendable } from './sendable';
import { byDay, dayTitle } from './timelineDays';

test('repeats on one day become one, on another day they do not, and notes never do', () => {
  const days = byDay([
    happened(5, {}),
    happened(4, {}),
    happened(3, { kind: 'note.added', detail: null }),
    happened(2, { kind: 'note.added', detail: null }),
    happened(1, { occurred_at: '2026-11-18T10:00:00Z' }),
  ]);
  expect(days.map((d) => d.repeats.map((r) => r.count))).toEqual([[2, 1, 1], [1]]);
});

test('days are named from the reader’s today', () => {
  const now = new Date(2026, 10, 21, 0, 5);
  expect(dayTitle('2026-11-21', now)).toBe('Today');
  expect(dayTitle('2026-11-20', now)).toBe('Yesterday');
  expect(dayTitle('2025-11-20', now)).toContain('2025');
});

test('the first reason why mail does not reach someone is given', () => {
  const on = (status: 'active' | 'unsubscribed') => [{ status }] as never;
  expect(sendable({ email: null, bounced_at: 'x', lists: on('active') }).key).toBe('no_email');
  expect(sendable({ email: 'a@b.c', bounced_at: '2026-01-01T00:00:00Z', lists: on('active') }).key).toBe('bounced');
  expect(sendable({ email: 'a@b.c', bounced_at: null, lists: [] }).key).toBe('no_list');
  expect(sendable({ email: 'a@b.c', bounced_at: null, lists: on('unsubscribed') }).key).toBe('inactive');
  expect(sendable({ email: 'a@b.c', bounced_at: null, lists: on('active') })).toMatchObject({
    key: 'sendable',
    count: 1,
  });
});
