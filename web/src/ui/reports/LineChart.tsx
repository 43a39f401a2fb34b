import { useElementSize } from '@mantine/hooks';
import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../format';
import { formatDay, formatValue, ticks } from './format';
import classes from './reports.module.css';
import type { ReportColumn, ReportRow } from './types';

type Props = { label: string; columns: readonly (ReportColumn & { at: number })[]; rows: readonly ReportRow[] };

const height = 240;
const pad = { top: 12, right: 12, bottom: 26, left: 44 };

/** Lines over days. Pointer and arrow keys read one day after the other; the legend says its numbers. */
export function LineChart({ label, columns, rows }: Props) {
  const { t } = useTranslation('reports');
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const steps = ticks(Math.max(0, ...rows.flatMap((r) => columns.map((c) => r.values[c.at] ?? 0))));
  const inner = Math.max(1, width - pad.left - pad.right);
  const x = (i: number) => pad.left + (rows.length < 2 ? inner / 2 : (i * inner) / (rows.length - 1));
  const y = (v: number) => height - pad.bottom - (v * (height - pad.top - pad.bottom)) / (steps.at(-1) ?? 1);
  const every = Math.max(1, Math.ceil(rows.length / Math.max(2, Math.floor(inner / 84))));
  const names = columns.filter((c) => !c.is_before);
  const series = (column: ReportColumn) => names.findIndex((n) => n.title === column.title);
  const path = (c: ReportColumn & { at: number }) =>
    rows
      .flatMap((row, i) => {
        const value = row.values[c.at];
        return typeof value === 'number' ? [`${x(i).toFixed(1)},${y(value).toFixed(1)}`] : [];
      })
      .join(' ');
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - pad.left;
    setAt(Math.min(rows.length - 1, Math.max(0, Math.round((left / inner) * (rows.length - 1)))));
  };
  const onKey = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -rows.length, End: rows.length }[event.key];
    if (event.key === 'Escape') return setAt(null);
    if (move === undefined) return;
    event.preventDefault();
    setAt((now) => Math.min(rows.length - 1, Math.max(0, (now ?? (move > 0 ? -1 : rows.length)) + move)));
  };
  const read = at === null ? null : rows[at];
  return (
    <figure className={classes.figure}>
      <div
        ref={ref}
        className={classes.plot}
        role="slider"
        aria-label={t('chart', { label })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, rows.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={
          read
            ? `${formatDay(read.label, true)}: ${columns
                .map(
                  (c) =>
                    `${c.title}${c.is_before ? ` (${t('before')})` : ''} ${formatValue(read.values[c.at], c.unit)}`,
                )
                .join(', ')}`
            : t('chart_keys')
        }
        tabIndex={0}
        onKeyDown={onKey}
        onBlur={() => setAt(null)}
      >
        {width > 0 ? (
          <svg
            width={width}
            height={height}
            aria-hidden
            onPointerMove={onPointer}
            onPointerDown={onPointer}
            onPointerLeave={() => setAt(null)}
          >
            {steps.map((step) => (
              <g key={step}>
                <line className={classes.rule} x1={pad.left} x2={width - pad.right} y1={y(step)} y2={y(step)} />
                <text className={classes.tick} x={pad.left - 8} y={y(step) + 4} textAnchor="end">
                  {formatNumber(step, { notation: 'compact' })}
                </text>
              </g>
            ))}
            {rows.map((row, i) =>
              i % every === 0 ? (
                <text
                  key={row.key}
                  className={classes.tick}
                  x={x(i)}
                  y={height - 6}
                  textAnchor={rows.length < 2 ? 'middle' : i === 0 ? 'start' : i === rows.length - 1 ? 'end' : 'middle'}
                >
                  {formatDay(row.label)}
                </text>
              ) : null,
            )}
            {at === null ? null : (
              <line className={classes.cursor} x1={x(at)} x2={x(at)} y1={pad.top} y2={height - pad.bottom} />
            )}
            {columns.map((c) => (
              <polyline
                key={c.key}
                className={classes.line}
                data-series={series(c)}
                data-before={c.is_before || undefined}
                points={path(c)}
              />
            ))}
            {columns.map((c) =>
              rows.map((row, i) => {
                const value = row.values[c.at];
                return typeof value === 'number' && (i === at || rows.length === 1) ? (
                  <circle
                    key={`${c.key} ${row.key}`}
                    className={classes.dot}
                    data-series={series(c)}
                    cx={x(i)}
                    cy={y(value)}
                    r={4}
                  />
                ) : null;
              }),
            )}
          </svg>
        ) : null}
      </div>
      <figcaption className={classes.legend}>
        {columns.map((c) => (
          <span key={c.key} className={classes.entry}>
            <span className={classes.swatch} data-series={series(c)} data-before={c.is_before || undefined} />
            {c.title}
            {c.is_before ? ` (${t('before')})` : ''}
            {read ? <strong className="tabular">{formatValue(read.values[c.at], c.unit)}</strong> : null}
          </span>
        ))}
        {read ? <span className={classes.when}>{formatDay(read.label, true)}</span> : null}
      </figcaption>
    </figure>
  );
}
