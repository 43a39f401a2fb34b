import type { PageAction } from '@/ui/pageActions';
import { rank } from './ranking';

/** 3 begins so, 2 a word begins so, 1 holds it, 0 not. Every typed word must be found. */
function score(label: string, words: readonly string[]): number {
  const text = label.toLowerCase();
  let total = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    total += at === 0 ? 3 : text[at - 1] === ' ' ? 2 : 1;
  }
  return total;
}

/** Actions that fit, by heading; headings keep the order in which they were registered, the page's own first. */
export function matching(actions: readonly PageAction[], query: string, pageGroup: string): [string, PageAction[]][] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, { action: PageAction; score: number }[]>([[pageGroup, []]]);
  for (const action of actions) {
    const points = words.length === 0 ? 1 : score(action.label, words);
    if (action.hidden || points === 0) continue;
    const group = action.group ?? pageGroup;
    groups.set(group, [...(groups.get(group) ?? []), { action, score: points + rank(action.id) }]);
  }
  return [...groups]
    .filter(([, list]) => list.length > 0)
    .map(([group, list]) => [group, list.toSorted((a, b) => b.score - a.score).map((x) => x.action)]);
}
