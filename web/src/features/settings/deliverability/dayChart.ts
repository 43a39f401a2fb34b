import type { components } from '@/api/schema';
import type { ReportColumn, ReportRow } from '@/ui/reports/types';
import type { TFunction } from 'i18next';

type Day = components['schemas']['DeliverabilityDayFigures'];
const lines = ['delivered', 'bounced', 'block', 'deferred'] as const;

/** The days as the chart takes them. */
export function dayChart(days: readonly Day[], t: TFunction<'settings'>) {
  const columns: (ReportColumn & { at: number })[] = lines.map((key, at) => ({
    key,
    title: t(`deliverability.figures.${key}`),
    unit: 'number',
    is_before: false,
    at,
  }));
  const rows: ReportRow[] = days.map(({ day, figures }) => ({
    key: day,
    label: day,
    note: null,
    values: [figures.delivered, figures.hard + figures.soft, figures.block, figures.deferred],
  }));
  return { columns, rows };
}
