/** What the address says of the days: a number of days up to today, or two days. */
export type PeriodSearch = { days?: string; first?: string; last?: string; compare?: string };

export const presets = ['7', '30', '90', '365'] as const;

const day = 86_400_000;
const asText = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const longest = 1_830;

/** @param today As `2026-11-30`, by the account's clock. */
export function readPeriod(search: PeriodSearch, today: string) {
  const compare = search.compare !== 'no';
  if (search.first !== undefined && search.last !== undefined) {
    const length = (Date.parse(search.last) - Date.parse(search.first)) / day + 1;
    return {
      preset: 'own',
      first: search.first,
      last: search.last,
      compare,
      valid: length >= 1 && length <= longest,
    };
  }
  const preset = presets.find((p) => p === search.days) ?? '30';
  const last = Date.parse(today);
  return { preset, first: asText(last - (Number(preset) - 1) * day), last: today, compare, valid: true };
}

/** Today by a clock, as the server's days are. */
export const todayIn = (timeZone: string | undefined, now = new Date()) =>
  new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  }).format(now);
