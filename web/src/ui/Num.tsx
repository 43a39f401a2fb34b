import { formatNumber } from './format';

/** A number in the user's way of writing, with figures of one width; "–" for none. */
export const Num = ({ value, options }: { value: number | null | undefined; options?: Intl.NumberFormatOptions }) => (
  <span className="tabular">{value === null || value === undefined ? '–' : formatNumber(value, options)}</span>
);
