import { expect, test } from 'vitest';

const texts = import.meta.glob<object>('./en/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

const keysOf = (of: object, path = ''): string[] =>
  Object.entries(of).flatMap(([k, v]) => (typeof v === 'object' ? keysOf(v as object, `${path}${k}.`) : [path + k]));

const known = new Map(
  Object.entries(texts).map(([file, of]) => [/en\/(.*)\.json$/.exec(file)?.[1] ?? '', new Set(keysOf(of))]),
);

/** A plural has its forms under the key, a key of a key its own. */
const has = (space: string, key: string) =>
  [key, `${key}_one`, `${key}_other`].some((k) => known.get(space)?.has(k)) ||
  [...(known.get(space) ?? [])].some((k) => k.startsWith(`${key}.`));

test('every text that a file names stands in the texts of its features', () => {
  const missing: string[] = [];
  let asked = 0;
  for (const [file, source] of Object.entries(sources)) {
    const uses = new Set([...source.matchAll(/useTranslation\(([^)]*)\)/g)].map((m) => m[1] ?? ''));
    // With two translators in a file nobody can tell from here which one is asked.
    const [only] = uses;
    if (uses.size !== 1 || only === undefined) continue;
    const spaces = [...only.matchAll(/'([\w.-]+)'/g)].map((m) => m[1] ?? '');
    if (spaces.length === 0) continue;
    for (const [, key = '', rest = ''] of source.matchAll(/\bt\('([\w.:]+)'([^()\n]{0,120})/g)) {
      asked++;
      const [space, name] = key.includes(':') ? key.split(':', 2) : [undefined, key];
      const named = space ?? /ns: '([\w.-]+)'/.exec(rest)?.[1];
      if (!(named === undefined ? spaces : [named]).some((s) => has(s, name ?? ''))) missing.push(`${file}: ${key}`);
    }
  }
  expect(asked).toBeGreaterThan(1000);
  expect(missing).toEqual([]);
});
