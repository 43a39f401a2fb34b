import { Checkbox, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './DataGrid.module.css';
import type { GridColumn, GridSort } from './types';

type Header = { id: string; getSize: () => number; getResizeHandler: () => (event: unknown) => void };

type Props<T> = {
  headers: readonly Header[];
  columns: readonly GridColumn<T>[];
  template: string;
  sort: GridSort | null;
  onSort?: (sort: GridSort) => void;
  all?: { count: number; of: number; toggle: () => void };
  hasMenu: boolean;
};

export function GridHeader<T>({ headers, columns, template, sort, onSort, all, hasMenu }: Props<T>) {
  const { t } = useTranslation('ui');
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
        {all ? (
          <div role="columnheader" className={classes.cell}>
            <Checkbox
              size="xs"
              tabIndex={-1}
              aria-label={t('grid.select_all')}
              checked={all.of > 0 && all.count === all.of}
              indeterminate={all.count > 0 && all.count < all.of}
              onChange={all.toggle}
            />
          </div>
        ) : null}
        {columns.map((column, index) => {
          const sorted = sort?.id === column.id ? sort : null;
          const Arrow = sorted?.desc ? IconArrowDown : IconArrowUp;
          const header = headers[index];
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : column.sortable ? 'none' : undefined}
              className={classes.cell}
              data-align={column.align}
            >
              {column.sortable && onSort ? (
                <button
                  type="button"
                  className={classes.sort}
                  onClick={() => onSort({ id: column.id, desc: sorted ? !sorted.desc : false })}
                >
                  {column.header}
                  {sorted ? <Arrow size={14} aria-hidden /> : null}
                </button>
              ) : (
                column.header
              )}
              {header ? (
                <span
                  className={classes.resizer}
                  aria-hidden="true"
                  onMouseDown={header.getResizeHandler()}
                  onTouchStart={header.getResizeHandler()}
                />
              ) : null}
            </div>
          );
        })}
        {hasMenu ? (
          <div role="columnheader" className={classes.cell}>
            <VisuallyHidden>{t('grid.actions')}</VisuallyHidden>
          </div>
        ) : null}
      </div>
    </div>
  );
}
