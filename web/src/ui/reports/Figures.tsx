import { Card, SimpleGrid, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../format';
import { formatValue } from './format';
import classes from './reports.module.css';
import type { ReportFigure } from './types';

/** Key numbers, each with what it was in the days before, or is elsewhere. The arrow says the direction, never the colour alone. */
export const Figures = ({
  figures,
  open,
  beside = 'was',
}: {
  figures: readonly ReportFigure[];
  /** Where the people behind a number are; without it, it is a number only. */
  open?: ((key: string) => ReactNode) | undefined;
  /** What the other number is: of the days before, or the usual one of a thing that has no days. */
  beside?: 'was' | 'usual';
}) =>
  figures.length === 0 ? null : (
    <SimpleGrid cols={{ base: 2, sm: Math.min(5, figures.length) }} spacing="sm">
      {figures.map((f) => (
        <Card key={f.key} withBorder padding="md" radius="md">
          <Text size="xs" c="dimmed">
            {f.title}
          </Text>
          <Text fz={24} fw={600} lh={1.35} className="tabular">
            {formatValue(f.value, f.unit)}
          </Text>
          {f.value ? open?.(f.key) : null}
          <Change figure={f} beside={beside} />
        </Card>
      ))}
    </SimpleGrid>
  );

function Change({
  figure: { value, before, unit, more_is_better: better },
  beside,
}: {
  figure: ReportFigure;
  beside: 'was' | 'usual';
}) {
  const { t } = useTranslation('reports');
  if (before === null || before === undefined) return null;
  const difference = (value ?? 0) - before;
  const Arrow = difference === 0 ? IconMinus : difference > 0 ? IconArrowUpRight : IconArrowDownRight;
  const tone =
    better === null || better === undefined || difference === 0 || value === null
      ? undefined
      : difference > 0 === better
        ? 'var(--rise)'
        : 'var(--fall)';
  const percent = before === 0 ? null : (100 * difference) / before;
  return (
    <Text size="xs" c={tone ?? 'dimmed'} className={classes.change}>
      <Arrow size={13} aria-hidden />
      {value === null || percent === null
        ? ''
        : `${formatNumber(percent, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })} % · `}
      {t(beside, { value: formatValue(before, unit) })}
    </Text>
  );
}
