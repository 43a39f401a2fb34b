import { expect, test } from 'vitest';
import { spreadWords, wordHeight } from './spreadWords';

test('words of lines that meet stand one above the other, and others stay where they are', () => {
  const words = [
    { x: 100, y: 50, lines: 3 },
    { x: 110, y: 40, lines: 1 },
    { x: 400, y: 50, lines: 1 },
    { x: 100, y: 300, lines: 1 },
  ];
  const tops = spreadWords(words);
  expect(tops.slice(1)).toEqual([40, 50, 300]);
  expect((tops[0] ?? 0) - 40).toBeGreaterThanOrEqual((wordHeight(3) + wordHeight(1)) / 2);
});
