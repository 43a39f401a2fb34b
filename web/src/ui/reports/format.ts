import { formatNumber } from '../format';
import type { ReportUnit } from './types';

const lengths: [unit: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** `2 hr 5 min`: the two largest units. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const first = Math.max(
    0,
    lengths.findIndex(([, size]) => whole >= size),
  );
  let left = whole < 1 ? 0 : whole;
  const parts = (whole < 1 ? lengths.slice(-1) : lengths.slice(first, first + 2)).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return { unit, count };
  });
  return parts
    .filter(({ count }, i) => i === 0 || count > 0)
    .map(({ unit, count }) => formatNumber(count, { style: 'unit', unit, unitDisplay: 'short' }))
    .join(' ');
}

/** A dash where there is nothing to tell. */
export function formatValue(value: number | null | undefined, unit: ReportUnit): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'share') return formatNumber(value, { style: 'percent', maximumFractionDigits: 1 });
  return unit === 'seconds' ? formatSeconds(value) : formatNumber(value);
}

/** A day or an hour (`2026-11-25T09`) as the server writes it, for people. */
export const formatDay = (day: string, long = false) =>
  new Intl.DateTimeFormat(navigator.language, {
    timeZone: 'UTC',
    month: 'short',
    day: 'numeric',
    ...(long ? { year: 'numeric' } : {}),
    ...(day.includes('T') ? { hour: 'numeric', minute: '2-digit' } : {}),
  }).format(new Date(day.includes('T') ? `${day}:00:00Z` : `${day}T00:00:00Z`));

export const isDay = (text: string) => /^\d{4}-\d\d-\d\d(T\d\d)?$/.test(text);

/** Round steps up to something not below the largest value. */
export function ticks(largest: number): number[] {
  const rough = Math.max(1, largest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= rough) ?? rough);
  const whole = Number.isInteger(step) ? step : Math.ceil(step);
  const count = Math.max(1, Math.ceil(largest / whole));
  return Array.from({ length: count + 1 }, (_, i) => i * whole);
}
