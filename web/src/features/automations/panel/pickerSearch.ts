import type { EntryDescription } from '../model/catalogue';

const storageKey = 'millrace.automation_steps_used';
const shownOften = 4;

/** How often each entry was picked in this browser. */
function uses(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, number>) : {};
  } catch {
    return {};
  }
}

export function rememberUse(key: string) {
  const all = uses();
  localStorage.setItem(storageKey, JSON.stringify({ ...all, [key]: (all[key] ?? 0) + 1 }));
}

/** Lower is better; null when some word is nowhere. Titles win over descriptions, beginnings over middles. */
function rank(entry: EntryDescription, words: readonly string[]): number | null {
  const title = entry.title.toLowerCase();
  const rest = `${entry.group} ${entry.description} ${entry.key}`.toLowerCase();
  let total = 0;
  for (const word of words) {
    const at = title.indexOf(word);
    if (at === 0) total += 0;
    else if (at > 0) total += title[at - 1] === ' ' ? 1 : 2;
    else if (rest.includes(word)) total += 4;
    else return null;
  }
  return total;
}

/** Without words: what is used often, then the catalogue by group. With words: the best first, in one group each. */
export function searchEntries<T extends EntryDescription>(entries: readonly T[], query: string, often: string) {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  const used = uses();
  const ranked = entries
    .map((entry) => ({ entry, rank: rank(entry, words) }))
    .filter((x) => x.rank !== null)
    .toSorted((a, b) =>
      words.length === 0 ? 0 : (a.rank ?? 0) - (b.rank ?? 0) || (used[b.entry.key] ?? 0) - (used[a.entry.key] ?? 0),
    )
    .map((x) => x.entry);
  const favourites =
    words.length > 0
      ? []
      : ranked
          .filter((e) => (used[e.key] ?? 0) > 1)
          .toSorted((a, b) => (used[b.key] ?? 0) - (used[a.key] ?? 0))
          .slice(0, shownOften);
  // What deletes comes last: Enter must never offer it first.
  const deletes = (e: T) => Number(words.length === 0 && e.key.endsWith('.delete'));
  const rest = ranked.filter((e) => !favourites.includes(e)).toSorted((a, b) => deletes(a) - deletes(b));
  const titles = [...new Set(rest.map((e) => e.group))];
  const groups = titles.map((title) => ({ title, entries: rest.filter((e) => e.group === title) }));
  return favourites.length > 0 ? [{ title: often, entries: favourites }, ...groups] : groups;
}
