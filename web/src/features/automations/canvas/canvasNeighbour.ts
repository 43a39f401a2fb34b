type Box = { id: string; x: number; y: number; width: number; height: number };

/** The nearest card in a direction: across counts three times as far as along. */
export function neighbour<T extends Box>(
  nodes: readonly T[],
  from: T,
  [dx, dy]: readonly [number, number],
): T | undefined {
  const centre = (n: Box) => [n.x + n.width / 2, n.y + n.height / 2] as const;
  const [x, y] = centre(from);
  let best: { node: T; cost: number } | undefined;
  for (const node of nodes) {
    const [nx, ny] = centre(node);
    const along = (nx - x) * dx + (ny - y) * dy;
    const across = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    if (node.id === from.id || along <= 1) continue;
    const cost = along + 3 * across;
    if (cost < (best?.cost ?? Infinity)) best = { node, cost };
  }
  return best?.node;
}
