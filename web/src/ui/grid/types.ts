import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type GridColumn<T> = {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Pixels at first; the last column takes what is left. */
  size?: number;
  minSize?: number;
  sortable?: boolean;
  align?: 'start' | 'end';
};

/** Pixels of the narrowest column. */
export const leastWidth = 64;

export type GridSort = { id: string; desc: boolean };

/** Row ids. */
export type GridSelection = ReadonlySet<string>;

export type RowAction = {
  id: string;
  label: string;
  icon?: Icon;
  danger?: boolean;
  disabledReason?: string;
  run: () => void;
};
