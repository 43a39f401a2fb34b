import { expect, test } from 'vitest';
import { percents } from './percents';

test('shares are whole and come to 100', () => {
  expect(percents({ yes: 94, no: 306 })).toEqual({ yes: 24, no: 76 });
  expect(percents({ a: 1, b: 1, c: 1 })).toEqual({ a: 34, b: 33, c: 33 });
  expect(percents({ yes: 3 })).toEqual({ yes: 100 });
  expect(percents({ yes: 0 })).toEqual({});
});
