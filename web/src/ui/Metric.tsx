import { Card, Group, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from './format';
import { Num } from './Num';

type Props = { label: string; value: number; changePercent?: number | null; options?: Intl.NumberFormatOptions };

/** A key figure with its change; the arrow says the direction, never the colour alone. */
export function Metric({ label, value, changePercent, options }: Props) {
  const { t } = useTranslation('ui');
  const up = (changePercent ?? 0) >= 0;
  const Arrow = up ? IconArrowUpRight : IconArrowDownRight;
  return (
    <Card withBorder padding="md" radius="md">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={8} align="baseline">
        <Text fz={24} fw={600} lh={1.35}>
          <Num value={value} {...(options ? { options } : {})} />
        </Text>
        {changePercent === null || changePercent === undefined ? null : (
          <Text size="xs" fw={600} c={up ? 'var(--rise)' : 'var(--fall)'} className="tabular">
            <Arrow size={13} aria-label={t(up ? 'metric.up' : 'metric.down')} />
            {formatNumber(Math.abs(changePercent), { maximumFractionDigits: 1 })} %
          </Text>
        )}
      </Group>
    </Card>
  );
}
