import { Button, Card, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BarChart } from './BarChart';
import { Figures } from './Figures';
import { formatDay } from './format';
import { LineChart } from './LineChart';
import classes from './reports.module.css';
import { ReportTable } from './ReportTable';
import type { ReportView } from './types';

type Props = {
  report: ReportView;
  onFile: () => void;
  fetching: boolean;
  /** What stands here while nothing has been counted. */
  empty: string;
  /** A way to the people behind a figure. */
  open?: (key: string) => ReactNode;
  /** What figures are compared with, if not the days before. */
  beside?: 'usual';
};

/** A report: its numbers, its chart, and the table one key away. */
export function ReportCard({ report, onFile, fetching, empty, open, beside }: Props) {
  const { t } = useTranslation('reports');
  const { answer } = report;
  const [view, setView] = useState('chart');
  const columns = answer.columns.map((c, at) => ({ ...c, at }));
  const drawn = columns.filter((c) => answer.chart?.columns.includes(c.key));
  const nothing = answer.rows.every((row) => row.values.every((v) => v === null || v === 0));
  const id = `report-${report.key.replace('.', '-')}`;
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-labelledby={id} data-report={report.key}>
      <Stack gap="md" className={fetching ? classes.fetching : undefined}>
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={2} size="h4" id={id}>
              {report.title}
            </Title>
            <Text size="sm" c="dimmed">
              {report.description}
            </Text>
          </div>
          {nothing ? null : (
            <Group gap="sm">
              {answer.chart ? (
                <SegmentedControl
                  size="xs"
                  aria-label={t('view', { title: report.title })}
                  value={view}
                  onChange={setView}
                  data={[
                    { value: 'chart', label: t('as_chart') },
                    { value: 'table', label: t('as_table') },
                  ]}
                />
              ) : null}
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
                onClick={onFile}
                aria-label={t('file_of', { title: report.title })}
              >
                {t('file')}
              </Button>
            </Group>
          )}
        </Group>
        {nothing && answer.figures.every((f) => !f.value && !f.before) ? (
          <Text size="sm" c="dimmed" py="sm">
            {empty}
          </Text>
        ) : (
          <>
            <Figures figures={answer.figures} open={open} {...(beside ? { beside } : {})} />
            {answer.rows.length === 0 ? (
              answer.columns.length === 0 ? null : (
                <Text size="sm" c="dimmed">
                  {empty}
                </Text>
              )
            ) : view === 'table' || answer.chart === null ? (
              <ReportTable title={report.title} answer={answer} />
            ) : answer.chart.kind === 'line' && answer.rows.length === 1 ? (
              // A line needs two points: one alone is a dot that says nothing.
              <BarChart
                columns={drawn}
                rows={answer.rows.map((row) => ({ ...row, label: formatDay(row.label, true) }))}
              />
            ) : answer.chart.kind === 'line' ? (
              <LineChart label={report.title} columns={drawn} rows={answer.rows} />
            ) : (
              <BarChart columns={drawn} rows={answer.rows} />
            )}
            {answer.notes.map((note) => (
              <Text key={note} size="xs" c="dimmed">
                {note}
              </Text>
            ))}
          </>
        )}
      </Stack>
    </Card>
  );
}
