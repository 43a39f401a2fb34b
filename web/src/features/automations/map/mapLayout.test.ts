import { expect, test } from 'vitest';
import type { MapItem, MapLink } from '../api/types';
import { randomFrom } from '../model/testing';
import { mapLayout } from './mapLayout';

const item = (id: number): MapItem => ({ id, name: `A${id}`, status: 'active', inside: 0 });
const link = (from: number, to: number): MapLink => ({ from, to, kind: 'tag.added', title: null, thing: null });
const at = (items: number[], links: [number, number][]) =>
  new Map(
    mapLayout(
      items.map(item),
      links.map(([a, b]) => link(a, b)),
    ).nodes.map((n) => [Number(n.id), n]),
  );

test('who starts another stands left of it', () => {
  const places = at(
    [1, 2, 3],
    [
      [3, 2],
      [2, 1],
      [3, 1],
    ],
  );
  const x = (id: number) => places.get(id)?.x ?? NaN;
  expect(x(3)).toBeLessThan(x(2));
  expect(x(2)).toBeLessThan(x(1));
});

test('circles and automations that start themselves are placed all the same', () => {
  expect(
    at(
      [1, 2, 3],
      [
        [1, 2],
        [2, 3],
        [3, 1],
        [2, 2],
      ],
    ).size,
  ).toBe(3);
});

test('whatever the links, every automation has a place of its own', () => {
  for (let seed = 1; seed < 60; seed++) {
    const random = randomFrom(seed);
    const count = 1 + random(40);
    const ids = Array.from({ length: count }, (_, i) => i + 1);
    const links = Array.from({ length: random(60) }, (): [number, number] => [1 + random(count), 1 + random(count)]);
    const places = [...at(ids, links).values()];
    expect(places).toHaveLength(count);
    for (const a of places)
      for (const b of places)
        if (a !== b) expect(Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height).toBe(true);
  }
});
