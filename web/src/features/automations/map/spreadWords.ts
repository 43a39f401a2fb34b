export type Word = { x: number; y: number; lines: number };

/** How wide words on a line are at most, and how high their box is, in pixels; as `.word` in the styles. */
export const wordWidth = 146;
export const wordHeight = (lines: number) => lines * 15 + 4;

/** Tops moved down, in the order they stand, until no two boxes of words lie over each other. */
export function spreadWords(words: readonly Word[]): number[] {
  const tops = words.map((w) => w.y);
  const order = words.map((_, i) => i).toSorted((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0));
  order.forEach((at, n) => {
    const word = words[at];
    if (word === undefined) return;
    for (const before of order.slice(0, n)) {
      const other = words[before];
      if (other === undefined || Math.abs(other.x - word.x) >= wordWidth) continue;
      // Boxes are centred on their point.
      const least = (tops[before] ?? 0) + (wordHeight(other.lines) + wordHeight(word.lines)) / 2 + 3;
      if ((tops[at] ?? 0) < least) tops[at] = least;
    }
  });
  return tops;
}
