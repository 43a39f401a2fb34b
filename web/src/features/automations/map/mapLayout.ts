import type { MapItem, MapLink } from '../api/types';

export type Placed = { id: string; x: number; y: number; width: number; height: number };
export type MapLayout = { nodes: Placed[]; width: number; height: number };

export const size = { width: 230, height: 64, across: 150, between: 22, islands: 64 };

/** The automations of each island of links, larger islands first; those alone come last. */
function islands(items: readonly MapItem[], links: readonly MapLink[]): number[][] {
  const near = new Map<number, number[]>(items.map((i) => [i.id, []]));
  for (const { from, to } of links) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const seen = new Set<number>();
  const found: number[][] = [];
  for (const { id } of items) {
    if (seen.has(id)) continue;
    const island: number[] = [];
    const open = [id];
    seen.add(id);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      island.push(at);
      for (const next of near.get(at) ?? [])
        if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
    }
    found.push(island);
  }
  return found.toSorted((a, b) => b.length - a.length);
}

/** How far to the right each one stands: right of all that start or end it, as far as circles allow. */
function layers(ids: readonly number[], after: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const layer = new Map<number, number>();
  const state = new Map<number, 'open' | 'done'>();
  const order: number[] = [];
  const kept = new Map<number, number[]>();
  const visit = (id: number) => {
    state.set(id, 'open');
    for (const next of after.get(id) ?? []) {
      // A way back into what is being walked closes a circle; it does not count for the order.
      if (state.get(next) === 'open') continue;
      kept.set(id, [...(kept.get(id) ?? []), next]);
      if (!state.has(next)) visit(next);
    }
    state.set(id, 'done');
    order.push(id);
  };
  // Those that nobody starts come first, so that circles are cut where they are entered.
  const started = new Set([...after.values()].flat());
  for (const id of [...ids.filter((i) => !started.has(i)), ...ids]) if (!state.has(id)) visit(id);
  for (const id of order.toReversed()) {
    const own = layer.get(id) ?? 0;
    layer.set(id, own);
    for (const next of kept.get(id) ?? []) layer.set(next, Math.max(layer.get(next) ?? 0, own + 1));
  }
  return layer;
}

/** From left to right by who starts whom, island by island from top to bottom, those without links in a grid below. */
export function mapLayout(items: readonly MapItem[], links: readonly MapLink[]): MapLayout {
  const nodes: Placed[] = [];
  const others = links.filter((l) => l.from !== l.to);
  const after = new Map<number, number[]>();
  for (const { from, to } of others) after.set(from, [...new Set([...(after.get(from) ?? []), to])]);
  const before = new Map<number, number[]>();
  for (const { from, to } of others) before.set(to, [...new Set([...(before.get(to) ?? []), from])]);
  let [top, width] = [0, 0];
  const step = { x: size.width + size.across, y: size.height + size.between };
  const all = islands(items, others);
  for (const island of all.filter((i) => i.length > 1)) {
    const layer = layers(island, after);
    const columns: number[][] = [];
    for (const id of island) (columns[layer.get(id) ?? 0] ??= []).push(id);
    const place = new Map<number, number>();
    const tallest = Math.max(...columns.map((c) => c.length));
    columns.forEach((column, x) => {
      // Each near the middle of those that lead to it.
      const wish = (id: number) => {
        const known = (before.get(id) ?? []).map((b) => place.get(b)).filter((y) => y !== undefined);
        return known.length === 0 ? 0 : known.reduce((sum, y) => sum + y, 0) / known.length;
      };
      const sorted = column.toSorted((a, b) => wish(a) - wish(b));
      const indent = ((tallest - sorted.length) * step.y) / 2;
      sorted.forEach((id, i) => {
        place.set(id, indent + i * step.y);
        nodes.push({ id: String(id), x: x * step.x, y: top + indent + i * step.y, ...box });
      });
    });
    width = Math.max(width, columns.length * step.x - size.across);
    top += tallest * step.y + size.islands;
  }
  const alone = all.filter((i) => i.length === 1).flat();
  const across = Math.max(3, Math.min(5, Math.ceil(Math.sqrt(alone.length))));
  alone.forEach((id, i) => {
    const x = (i % across) * (size.width + size.between);
    nodes.push({ id: String(id), x, y: top + Math.floor(i / across) * step.y, ...box });
    width = Math.max(width, x + size.width);
  });
  return { nodes, width, height: Math.max(0, ...nodes.map((n) => n.y + n.height)) };
}

const box = { width: size.width, height: size.height };
