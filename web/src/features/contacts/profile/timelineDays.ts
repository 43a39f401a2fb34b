import { machineOf } from './circumstances';
import type { Entry } from './profile';

/** Entries that say the same one after the other on one day, as one; `first` is the newest. */
export type Repeat = { first: Entry; count: number };
export type Day = { key: string; repeats: Repeat[] };

const dayOf = (instant: string) => {
  const d = new Date(instant);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
};

const same = (a: Entry, b: Entry) =>
  a.kind === b.kind &&
  a.detail === b.detail &&
  machineOf(a) === machineOf(b) &&
  a.kind !== 'note.added' &&
  a.kind !== 'field.changed';

/** Newest first, by day on the reader's own calendar. */
export function byDay(entries: readonly Entry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const key = dayOf(entry.occurred_at);
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { key, repeats: [] };
      days.push(day);
    }
    const last = day.repeats.at(-1);
    if (last && same(last.first, entry)) last.count++;
    else day.repeats.push({ first: entry, count: 1 });
  }
  return days;
}

/** "Today", "Yesterday", else the date; the year only when it is another one. */
export function dayTitle(key: string, now: Date): string {
  const day = new Date(`${key}T00:00:00`);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const ago = Math.round((day.getTime() - today.getTime()) / 86_400_000);
  if (ago === 0 || ago === -1) {
    const text = new Intl.RelativeTimeFormat(navigator.language, { numeric: 'auto' }).format(ago, 'day');
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }
  return new Intl.DateTimeFormat(navigator.language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(day.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(day);
}
