import { readPeriod, todayIn, type PeriodSearch } from '@/ui/reports/period';

/** What the address says of the numbers on the canvas. */
export type NumbersSearch = Omit<PeriodSearch, 'compare'> & { as?: string };

export const periodOf = (search: NumbersSearch, timeZone: string) => readPeriod(search, todayIn(timeZone));
