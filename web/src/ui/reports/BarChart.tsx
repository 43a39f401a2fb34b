import { TaggedText } from '../TaggedText';
import { Text } from '@mantine/core';
import { formatValue } from './format';
import classes from './reports.module.css';
import type { ReportColumn, ReportRow } from './types';

type Props = { columns: readonly (ReportColumn & { at: number })[]; rows: readonly ReportRow[] };

/** One group of bars for each row. Every number stands beside its bar, so nothing hangs on length or colour alone. */
export function BarChart({ columns, rows }: Props) {
  const largest = Math.max(1, ...rows.flatMap((r) => columns.map((c) => r.values[c.at] ?? 0)));
  return (
    <figure className={classes.figure}>
      <ul className={classes.bars}>
        {rows.map((row) => (
          <li key={row.key} className={classes.group} data-gone={row.note === null ? undefined : true}>
            <Text size="sm" className={classes.label} title={row.label}>
              <TaggedText text={row.label} />
            </Text>
            <div>
              {columns.map((c, i) => (
                <div key={c.key} className={classes.track}>
                  <span
                    className={classes.bar}
                    data-series={i}
                    data-none={!row.values[c.at] || undefined}
                    style={{ width: `${(100 * (row.values[c.at] ?? 0)) / largest}%` }}
                  />
                  <span className={classes.number}>
                    {formatValue(row.values[c.at], c.unit)}
                    {columns.length > 1 ? <span className={classes.of}> {c.title.toLowerCase()}</span> : null}
                  </span>
                </div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </figure>
  );
}
