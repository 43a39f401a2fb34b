import type { OptionDescription } from '../schemaForm/types';

/** A filter of an activity, compared with `is` when nothing else is said. */
export type Filter = { op: string; value: unknown };

/** As stored: the value itself, or an object with `op` and `value`. */
export function filterOf(stored: unknown): Filter {
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored) && 'op' in stored
    ? { op: String(stored.op), value: 'value' in stored ? stored.value : undefined }
    : { op: 'is', value: stored };
}

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** What is stored of a filter; undefined for one without a value, which asks nothing. */
export const toStored = ({ op, value }: Filter): unknown =>
  isGiven(value) ? (op === 'is' ? value : { op, value }) : undefined;

/** The filters that a leaf uses, in the order of the catalogue. */
export const usedFilters = (options: readonly OptionDescription[], leaf: Readonly<Record<string, unknown>>): string[] =>
  options.filter((option) => isGiven(leaf[option.key])).map((option) => option.key);
