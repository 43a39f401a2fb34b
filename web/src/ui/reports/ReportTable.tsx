import { TaggedText } from '../TaggedText';
import { Badge, Table, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDay, formatValue, isDay } from './format';
import classes from './reports.module.css';
import type { ReportAnswer } from './types';

/** The numbers behind a chart, all of them. */
export function ReportTable({ title, answer }: { title: string; answer: ReportAnswer }) {
  const { t } = useTranslation('reports');
  return (
    <Table.ScrollContainer minWidth={Math.min(1100, 260 + answer.columns.length * 96)} type="native" tabIndex={0}>
      <Table className={classes.table} aria-label={title}>
        <Table.Caption>
          <VisuallyHidden>{title}</VisuallyHidden>
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{answer.label}</Table.Th>
            {answer.columns.map((c) => (
              <Table.Th key={c.key} scope="col" className={classes.right} data-before={c.is_before || undefined}>
                {c.title}
                {c.is_before ? <span className={classes.earlier}>{t('before')}</span> : null}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {answer.rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" className={classes.name}>
                {isDay(row.label) ? formatDay(row.label, true) : <TaggedText text={row.label} />}
                {row.note === null ? null : (
                  <Badge size="sm" color="gray" ml={6}>
                    {row.note}
                  </Badge>
                )}
              </Table.Th>
              {answer.columns.map((c, i) => (
                <Table.Td key={c.key} className={classes.right} data-before={c.is_before || undefined}>
                  {formatValue(row.values[i], c.unit)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
