export const durationUnits = ['minutes', 'hours', 'days', 'weeks', 'months', 'years', 'seconds'] as const;
export type DurationUnit = (typeof durationUnits)[number];
export type DurationPart = { count: number; unit: DurationUnit };

const letters: Record<DurationUnit, string> = {
  years: 'Y',
  months: 'M',
  weeks: 'W',
  days: 'D',
  hours: 'H',
  minutes: 'M',
  seconds: 'S',
};
const order: DurationUnit[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'];
const timeUnits = new Set<DurationUnit>(['hours', 'minutes', 'seconds']);

/** ISO 8601 duration of whole numbers to its parts; an empty list for anything else. */
export function parseDuration(text: string): DurationPart[] {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null) return [];
  return order.flatMap((unit, i) => {
    const found = match[i + 1];
    return found === undefined ? [] : [{ count: Number(found), unit }];
  });
}

/** Parts of the same unit add up. */
export function formatDuration(parts: readonly DurationPart[]): string {
  const text = (unit: DurationUnit) => {
    const sum = parts.filter((p) => p.unit === unit).reduce((total, p) => total + p.count, 0);
    return parts.some((p) => p.unit === unit) ? `${sum}${letters[unit]}` : '';
  };
  const day = order
    .filter((u) => !timeUnits.has(u))
    .map(text)
    .join('');
  const time = order
    .filter((u) => timeUnits.has(u))
    .map(text)
    .join('');
  return day === '' && time === '' ? 'PT0S' : `P${day}${time === '' ? '' : `T${time}`}`;
}
