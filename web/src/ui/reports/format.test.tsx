import { expect, test } from 'vitest';
import { formatSeconds, formatValue, ticks } from './format';

test('lengths of time show their two largest units', () => {
  expect(formatSeconds(0.2)).toBe('0 sec');
  expect(formatSeconds(59)).toBe('59 sec');
  expect(formatSeconds(3_660)).toBe('1 hr 1 min');
  expect(formatSeconds(86_400 * 3 + 30)).toBe('3 days');
});

test('what there is nothing to tell of is a dash, a share a percentage', () => {
  expect(formatValue(null, 'share')).toBe('–');
  expect(formatValue(0.256, 'share')).toBe('25.6%');
  expect(formatValue(1234, 'number')).toBe('1,234');
});

test.each([0, 1, 3, 7, 10, 99, 1_234, 999_999])('ticks for %i begin at nothing, are whole and reach it', (largest) => {
  const steps = ticks(largest);
  expect(steps[0]).toBe(0);
  expect(steps.at(-1)).toBeGreaterThanOrEqual(largest);
  expect(steps.length).toBeLessThanOrEqual(6);
  expect(steps.every(Number.isInteger)).toBe(true);
});
