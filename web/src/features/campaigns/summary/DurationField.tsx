import { Group, NumberInput, Select } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const unitOf = (minutes: number) =>
  minutes > 0 && minutes % 1440 === 0 ? 1440 : minutes > 0 && minutes % 60 === 0 ? 60 : 1;
const words = { 1: 'duration.minutes', 60: 'duration.hours', 1440: 'duration.days' } as const;

export function durationText(t: TFunction<'campaigns'>, minutes: number) {
  const unit = unitOf(minutes);
  return t(words[unit], { count: minutes / unit });
}

type Props = { label: string; value: number; min: number; onChange: (minutes: number) => void };

/** A stretch of time in minutes, hours or days. */
export function DurationField({ label, value, min, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  const [unit, setUnit] = useState<1 | 60 | 1440>(unitOf(value));
  return (
    <Group align="flex-end" wrap="nowrap">
      <NumberInput
        flex={1}
        label={label}
        min={min}
        value={value / unit}
        onChange={(n) => onChange(Math.max(min, Math.round(Number(n) || 0) * unit))}
      />
      <Select
        w={120}
        aria-label={t('subject.unit')}
        allowDeselect={false}
        data={(['1', '60', '1440'] as const).map((u) => ({ value: u, label: t(`subject.units.${u}`) }))}
        value={String(unit)}
        onChange={(u) => {
          const next = Number(u) as 1 | 60 | 1440;
          onChange(Math.max(min, Math.round(value / unit) * next));
          setUnit(next);
        }}
      />
    </Group>
  );
}
