import { Skeleton, Text } from '@mantine/core';
import {
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ErrorState';
import { formatNumber } from '../format';
import classes from './DataGrid.module.css';
import { GridHeader } from './GridHeader';
import { GridRow } from './GridRow';
import { leastWidth, type GridColumn, type GridSelection, type GridSort, type RowAction } from './types';
import { useGridKeys } from './useGridKeys';

const features = tableFeatures({ columnSizingFeature, columnResizingFeature });

type Props<T> = {
  /** Names the grid for screen readers. */
  label: string;
  rows: readonly T[];
  rowId: (row: T) => string;
  columns: readonly GridColumn<T>[];
  /** What the whole list holds, not only what is loaded; null while unknown. */
  total?: number | null;
  /** "contact" as text key of plural form is the caller's: shows e.g. "41,233 contacts". */
  totalLabel?: (total: number) => string;
  loading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  empty?: ReactNode;
  hasNextPage?: boolean;
  fetchingNextPage?: boolean;
  fetchNextPage?: () => void;
  sort?: GridSort | null;
  onSort?: (sort: GridSort) => void;
  selection?: GridSelection;
  onSelection?: (selection: GridSelection) => void;
  /** Enter, and a click on the row. */
  onOpen?: (row: T) => void;
  /** Space. */
  onPeek?: (row: T) => void;
  rowActions?: (row: T) => readonly RowAction[];
  /** Remembered widths in pixels by column id. */
  widths?: Readonly<Record<string, number>>;
  /** After a column was resized. */
  onWidths?: (widths: Readonly<Record<string, number>>) => void;
  /** Pixels of one row: 40 comfortable, 36, 32 compact. */
  rowHeight?: number;
  height?: string;
};

const none: GridSelection = new Set();

/** The one list of the product: virtual rows, sticky header, pages by cursor, selection and keys (J K X Space Enter Shift). */
export function DataGrid<T extends RowData>(props: Props<T>) {
  const {
    rows,
    rowId,
    columns,
    rowHeight = 36,
    selection = none,
    onSelection,
    hasNextPage,
    fetchNextPage,
    fetchingNextPage,
  } = props;
  const { t } = useTranslation('ui');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [menuRow, setMenuRow] = useState<string | null>(null);
  const definitions = useMemo(
    () =>
      columns.map((c) => ({ id: c.id, size: c.size ?? 180, minSize: c.minSize ?? leastWidth, enableResizing: true })),
    [columns],
  );
  const [sizes, setSizes] = useState<Record<string, number>>({ ...props.widths });
  const { widths, onWidths } = props;
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    columnResizeMode: 'onChange',
    getRowId: rowId,
    state: { columnSizing: sizes },
    onColumnSizingChange: setSizes,
  });
  const [given, setGiven] = useState(widths);
  if (given !== widths) {
    setGiven(widths);
    setSizes({ ...widths });
  }
  useEffect(() => {
    if (onWidths === undefined || JSON.stringify(sizes) === JSON.stringify(widths ?? {})) return;
    // Once the hand rests; each pixel is none of the caller's business.
    const timer = setTimeout(() => onWidths(sizes), 400);
    return () => clearTimeout(timer);
  }, [sizes, widths, onWidths]);
  // eslint-disable-next-line react-hooks/incompatible-library -- No React Compiler runs here, so nothing memoises its functions.
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const keys = useGridKeys({
    ids: useMemo(() => rows.map(rowId), [rows, rowId]),
    selection,
    onSelection: onSelection ?? (() => {}),
    selectable: onSelection !== undefined,
    onOpen: (index) => rows[index] !== undefined && props.onOpen?.(rows[index]),
    onPeek: props.onPeek ? (index) => rows[index] !== undefined && props.onPeek?.(rows[index]) : undefined,
    onMenu: (rowKey) => setMenuRow(rowKey),
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasNextPage && !fetchingNextPage && last >= rows.length - 20 && rows.length > 0) fetchNextPage?.();
  }, [last, rows.length, hasNextPage, fetchingNextPage, fetchNextPage]);

  const template = `${onSelection ? '40px ' : ''}${table
    .getHeaderGroups()[0]
    ?.headers.map((h, i, all) => (i === all.length - 1 ? `minmax(${h.getSize()}px, 1fr)` : `${h.getSize()}px`))
    .join(' ')}${props.rowActions ? ' 44px' : ''}`;
  const full = !props.loading && !props.error && rows.length > 0;
  const total = props.total ?? (hasNextPage ? null : rows.length);

  return (
    <div className={classes.frame} style={{ height: full ? (props.height ?? 'calc(100dvh - 190px)') : undefined }}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-multiselectable={onSelection !== undefined}
        aria-busy={props.loading ?? false}
        tabIndex={0}
        aria-activedescendant={keys.active >= 0 && keys.active < rows.length ? `${id}-${keys.active}` : undefined}
        onKeyDown={keys.onKeyDown}
      >
        <GridHeader
          headers={table.getHeaderGroups()[0]?.headers ?? []}
          columns={columns}
          template={template}
          sort={props.sort ?? null}
          {...(props.onSort ? { onSort: props.onSort } : {})}
          {...(onSelection
            ? {
                all: {
                  count: rows.filter((r) => selection.has(rowId(r))).length,
                  of: rows.length,
                  toggle: keys.toggleAll,
                },
              }
            : {})}
          onWidth={(id, width) =>
            setSizes((now) =>
              Object.fromEntries([
                ...Object.entries(now).filter(([k]) => k !== id),
                ...(width === null ? [] : [[id, width] as const]),
              ]),
            )
          }
          hasMenu={props.rowActions !== undefined}
        />
        {full ? (
          <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const key = rowId(row);
              return (
                <GridRow
                  key={key}
                  domId={`${id}-${item.index}`}
                  row={row}
                  rowKey={key}
                  index={item.index}
                  columns={columns}
                  template={template}
                  top={item.start}
                  height={rowHeight}
                  selectable={onSelection !== undefined}
                  selected={selection.has(key)}
                  active={keys.active === item.index}
                  menuOpened={menuRow === key}
                  onMenu={setMenuRow}
                  onClick={keys.click}
                  onToggle={keys.toggle}
                  {...(props.rowActions ? { actions: props.rowActions } : {})}
                />
              );
            })}
          </div>
        ) : null}
      </div>
      {props.loading ? (
        <div className={classes.skeleton}>
          {Array.from({ length: 8 }, (_, i) => (
            <Skeleton key={i} height={14} width={`${90 - (i % 4) * 9}%`} />
          ))}
        </div>
      ) : null}
      {props.error ? <ErrorState error={props.error} {...(props.onRetry ? { onRetry: props.onRetry } : {})} /> : null}
      {!props.loading && !props.error && rows.length === 0 ? props.empty : null}
      {full ? (
        <Text size="xs" c="dimmed" className={classes.foot} role="status">
          {selection.size > 0 ? `${t('grid.selected', { count: selection.size })} · ` : ''}
          {total === null
            ? t('grid.loaded', { count: rows.length })
            : (props.totalLabel?.(total) ?? `${formatNumber(total)} ${t('grid.rows', { count: total })}`)}
          {fetchingNextPage ? ` · ${t('grid.loading')}` : ''}
        </Text>
      ) : null}
    </div>
  );
}
