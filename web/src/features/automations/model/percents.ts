/** Whole percents that come to 100 together: what rounding down leaves over goes to those that lost most by it. */
export function percents(counts: Readonly<Record<string, number>>): Record<string, number> {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  if (total === 0) return {};
  const exact = Object.entries(counts).map(([key, n]) => ({ key, whole: Math.floor((n * 100) / total), n }));
  const left = 100 - exact.reduce((sum, e) => sum + e.whole, 0);
  const byLoss = exact.toSorted((a, b) => ((b.n * 100) % total) - ((a.n * 100) % total));
  return Object.fromEntries(byLoss.map(({ key, whole }, i) => [key, whole + (i < left ? 1 : 0)]));
}
