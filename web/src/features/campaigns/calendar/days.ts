/** Days as `2026-11-25`, without a zone: a calendar's days are the account's, not the browser's. */
const asDate = (day: string) => new Date(`${day}T00:00:00Z`);
const two = (n: number) => String(n).padStart(2, '0');
const asDay = (d: Date) => `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;

export const addDays = (day: string, n: number) => asDay(new Date(asDate(day).getTime() + n * 86_400_000));

/** 0 is Monday. */
export const weekdayOf = (day: string) => (asDate(day).getUTCDay() + 6) % 7;

export const mondayOf = (day: string) => addDays(day, -weekdayOf(day));
export const firstOf = (day: string) => `${day.slice(0, 8)}01`;

export function addMonths(day: string, n: number) {
  const d = asDate(firstOf(day));
  d.setUTCMonth(d.getUTCMonth() + n);
  return asDay(d);
}

/** The days a calendar shows: six weeks around a month, or one. */
export function daysOf(day: string, week: boolean) {
  const from = mondayOf(week ? day : firstOf(day));
  return Array.from({ length: week ? 7 : 42 }, (_, i) => addDays(from, i));
}

const parts = (timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

/** What a wall in a zone shows at an instant: day and time. */
export function wall(instant: string | Date, timeZone: string) {
  const p = Object.fromEntries(
    parts(timeZone)
      .formatToParts(new Date(instant))
      .map((x) => [x.type, x.value]),
  );
  return { day: `${p['year']}-${p['month']}-${p['day']}`, time: `${p['hour']}:${p['minute']}` };
}

/** The month of a day, or the week that begins on it. */
export const titleOf = (day: string, week: boolean) =>
  week
    ? new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).formatRange(
        asDate(day),
        asDate(addDays(day, 6)),
      )
    : new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(asDate(day));

export const dayName = (day: string) =>
  new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    asDate(day),
  );

export const shortWeekday = (i: number) =>
  new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + i)));

/** How good each weekday is by its opens: 2 for the best, 1 for good ones, 0. `hours` begin on Monday at 0. */
export function rankDays(hours: readonly number[]) {
  const sums = Array.from({ length: 7 }, (_, d) => hours.slice(d * 24, d * 24 + 24).reduce((a, b) => a + b, 0));
  const most = Math.max(...sums);
  const mean = sums.reduce((a, b) => a + b, 0) / 7;
  return sums.map((s) => (most === 0 ? 0 : s === most ? 2 : s > mean ? 1 : 0));
}
