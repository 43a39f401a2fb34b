import { expect, test } from 'vitest';
import { readPeriod, todayIn } from './period';

test('thirty days with comparison unless the address says otherwise', () => {
  expect(readPeriod({}, '2026-11-30')).toEqual({
    preset: '30',
    first: '2026-11-01',
    last: '2026-11-30',
    compare: true,
    valid: true,
  });
  expect(readPeriod({ days: '7', compare: 'no' }, '2026-03-03')).toMatchObject({ first: '2026-02-25', compare: false });
  expect(readPeriod({ days: 'x' }, '2026-11-30').preset).toBe('30');
});

test.each([
  ['2026-01-02', '2026-01-01'],
  ['2000-01-01', '2026-01-01'],
  ['nonsense', '2026-01-01'],
])('%s to %s is no stretch of days', (first, last) => {
  expect(readPeriod({ first, last }, '2026-11-30').valid).toBe(false);
});

test('today is of the given clock', () => {
  expect(todayIn('Pacific/Auckland', new Date('2026-11-30T12:00:00Z'))).toBe('2026-12-01');
});
