import { Checkbox, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DataGrid.module.css';
import { leastWidth, type GridColumn, type GridSort } from './types';

type Header = { id: string; getSize: () => number; getResizeHandler: () => (event: unknown) => void };

type Props<T> = {
  headers: readonly Header[];
  columns: readonly GridColumn<T>[];
  template: string;
  sort: GridSort | null;
  onSort?: (sort: GridSort) => void;
  all?: { count: number; of: number; toggle: () => void };
  hasMenu: boolean;
  /** Pixels; null for the width it has at first. */
  onWidth: (id: string, width: number | null) => void;
};

const step = 16;
const widest = 1200;

/** The width a key on the separator asks for; null for the first one, undefined for another key. */
function widthByKey(event: KeyboardEvent, now: number, least: number): number | null | undefined {
  const by = event.shiftKey ? step * 4 : step;
  const wanted = { ArrowLeft: now - by, ArrowRight: now + by, Home: least, Enter: null, Delete: null }[event.key];
  return typeof wanted === 'number' ? Math.min(widest, Math.max(least, wanted)) : wanted;
}

export function GridHeader<T>({ headers, columns, template, sort, onSort, all, hasMenu, onWidth }: Props<T>) {
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
                // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- A separator that can be focused is a control (ARIA 1.2, separator).
                <span
                  role="separator"
                  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- As above.
                  tabIndex={0}
                  className={classes.resizer}
                  aria-orientation="vertical"
                  aria-label={t('grid.width', { column: column.header })}
                  aria-valuenow={header.getSize()}
                  aria-valuemin={column.minSize ?? leastWidth}
                  aria-valuemax={widest}
                  aria-valuetext={t('grid.pixels', { count: header.getSize() })}
                  title={t('grid.width_keys')}
                  onMouseDown={header.getResizeHandler()}
                  onTouchStart={header.getResizeHandler()}
                  onDoubleClick={() => onWidth(column.id, null)}
                  onKeyDown={(event) => {
                    const width = widthByKey(event, header.getSize(), column.minSize ?? leastWidth);
                    if (width === undefined) return;
                    event.preventDefault();
                    event.stopPropagation();
                    onWidth(column.id, width);
                  }}
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
