import { Group, NumberInput, Select, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';
import { durationText, DurationField } from './DurationField';

type Split = NonNullable<Campaign['split']>;

export function splitText(t: TFunction<'campaigns'>, c: Campaign) {
  const s = c.split;
  if (s === null || s.mode === 'all') return t('subject.sum_all', { count: c.variants.length });
  if (s.metric === 'manual') return t('subject.sum_manual', { percent: s.test_percent });
  return t('subject.sum_winner', {
    percent: s.test_percent,
    metric: t(`subject.metric.${s.metric}`),
    wait: durationText(t, s.wait_minutes ?? 240),
  });
}

/** How a split test goes. */
export function SplitFields({ value: s, onChange }: { value: Split; onChange: (next: Split) => void }) {
  const { t } = useTranslation('campaigns');
  return (
    <>
      <Select
        label={t('subject.test')}
        allowDeselect={false}
        data={(['subject', 'content'] as const).map((value) => ({ value, label: t(`subject.kind.${value}`) }))}
        value={s.kind ?? 'subject'}
        onChange={(kind) => onChange({ ...s, kind: kind as NonNullable<Split['kind']> })}
      />
      <Select
        label={t('subject.mode.label')}
        allowDeselect={false}
        data={(['all', 'winner'] as const).map((value) => ({ value, label: t(`subject.mode.${value}`) }))}
        value={s.mode ?? 'all'}
        onChange={(mode) => onChange({ ...s, mode: mode as NonNullable<Split['mode']> })}
      />
      {s.mode === 'winner' ? (
        <>
          <Group grow align="flex-start">
            <NumberInput
              label={t('subject.test_percent')}
              min={1}
              max={99}
              value={s.test_percent ?? 20}
              onChange={(n) => onChange({ ...s, test_percent: Number(n) || 1 })}
            />
            <Select
              label={t('subject.metric.label')}
              allowDeselect={false}
              data={(['opens', 'clicks', 'manual'] as const).map((value) => ({
                value,
                label: t(`subject.metric.${value}`),
              }))}
              value={s.metric ?? 'opens'}
              onChange={(metric) => onChange({ ...s, metric: metric as NonNullable<Split['metric']> })}
            />
          </Group>
          {s.metric === 'manual' ? null : (
            <>
              <DurationField
                label={t('subject.wait')}
                min={1}
                value={s.wait_minutes ?? 240}
                onChange={(wait_minutes) => onChange({ ...s, wait_minutes })}
              />
              <Text size="xs" c="dimmed">
                {t('subject.tie')}
              </Text>
            </>
          )}
        </>
      ) : null}
    </>
  );
}
