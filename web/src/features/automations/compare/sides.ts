/** What is compared: a version by its number, or the draft. */
export type Side = number | 'draft';
export type Sides = { from: number; to: Side };

const sideOf = (text: string | undefined): Side | null =>
  text === 'draft' ? 'draft' : text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;

/** `3..draft` of the address; null for anything else. */
export function readSides(text: string | undefined): Sides | null {
  const [a, b, rest] = (text ?? '').split('..');
  const [from, to] = [sideOf(a), sideOf(b)];
  return from === null || from === 'draft' || to === null || rest !== undefined ? null : { from, to };
}

export const writeSides = ({ from, to }: Sides) => `${from}..${to}`;

/** Merges names by source and id; the later ones win. */
export function joinNames(...all: (Readonly<Record<string, Readonly<Record<string, string>>>> | undefined)[]) {
  const joined: Record<string, Record<string, string>> = {};
  for (const names of all)
    for (const [source, byId] of Object.entries(names ?? {})) joined[source] = { ...joined[source], ...byId };
  return joined;
}
