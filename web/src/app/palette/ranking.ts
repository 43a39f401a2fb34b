const key = 'millrace.palette_use';

type Uses = Record<string, { count: number; at: number }>;

function read(): Uses {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Uses;
  } catch {
    return {};
  }
}

/** This user's own use ranks first, then recency: each use counts half after a week. */
export function rank(id: string, now = Date.now()): number {
  const use = read()[id];
  return use === undefined ? 0 : use.count * 0.5 ** ((now - use.at) / 604_800_000);
}

export function noteUse(id: string) {
  const uses = read();
  const now = Date.now();
  localStorage.setItem(key, JSON.stringify({ ...uses, [id]: { count: rank(id, now) + 1, at: now } }));
}
