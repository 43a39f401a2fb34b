import { describe, expect, it } from 'vitest';
import { addMonths, daysOf, rankDays, wall, weekdayOf } from './days';

describe('days of a calendar', () => {
  it('shows six weeks from the Monday before the first', () => {
    const days = daysOf('2026-11-25', false);
    expect(days).toHaveLength(42);
    expect(days[0]).toBe('2026-10-26');
    expect(weekdayOf(days[0] ?? '')).toBe(0);
    expect(daysOf('2026-11-25', true)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ]);
  });

  it('goes from month to month whatever their lengths', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-01');
    expect(addMonths('2026-01-31', -1)).toBe('2025-12-01');
  });

  it('reads a wall in another zone', () => {
    expect(wall('2026-11-25T23:30:00Z', 'Europe/Berlin')).toEqual({ day: '2026-11-26', time: '00:30' });
  });

  it('ranks weekdays by their opens', () => {
    const hours = Array.from({ length: 168 }, () => 0);
    hours[24 + 9] = 10;
    hours[48 + 9] = 5;
    expect(rankDays(hours)).toEqual([0, 2, 1, 0, 0, 0, 0]);
    expect(rankDays(Array.from({ length: 168 }, () => 0))).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});
