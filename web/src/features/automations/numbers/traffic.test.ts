import { expect, test } from 'vitest';
import { trafficOf, widthOf, widths } from './traffic';

const numbers = {
  entered: 9,
  steps: { s: { step_id: 's', arrived: 8, went: 7, left: 1, failed: 0, results: { yes: 5, no: 2 } } },
};

test('a line carries those who went along it', () => {
  expect(trafficOf({ from: null, branch: null }, numbers)).toBe(9);
  expect(trafficOf({ from: 's', branch: null }, numbers)).toBe(7);
  expect(trafficOf({ from: 's', branch: 'yes' }, numbers)).toBe(5);
  expect(trafficOf({ from: 'new', branch: null }, numbers)).toBe(0);
});

test('more traffic is never thinner, and nobody is the thinnest', () => {
  const all = Array.from({ length: 101 }, (_, n) => widthOf(n, 100));
  expect(all).toEqual([...all].sort((a, b) => a - b));
  expect([all[0], all[1], all[100]]).toEqual([0, 1, widths.length - 1]);
  expect(widthOf(0, 0)).toBe(0);
});
