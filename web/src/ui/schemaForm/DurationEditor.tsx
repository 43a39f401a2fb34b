import { ActionIcon, Button, Group, Input, NumberInput, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { durationUnits, formatDuration, parseDuration, type DurationPart, type DurationUnit } from './duration';
import { asText, fieldProps } from './fieldProps';
import type { EditorProps } from './types';

/** Number and unit in rows, ISO 8601 outside. */
export function DurationEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const read = parseDuration(asText(p.value));
  const parts: DurationPart[] = read.length > 0 ? read : [{ count: 0, unit: 'days' }];
  const set = (next: DurationPart[]) => p.onChange(formatDuration(next));
  const change = (index: number, part: Partial<DurationPart>) =>
    set(parts.map((x, i) => (i === index ? { ...x, ...part } : x)));
  const free = durationUnits.filter((u) => !parts.some((x) => x.unit === u));
  return (
    <Input.Wrapper {...fieldProps(p)} labelElement="div">
      <Stack gap={6} mt={4} role="group" aria-label={p.option.label}>
        {parts.map((part, index) => (
          <Group key={part.unit} gap={6} wrap="nowrap">
            <NumberInput
              w={90}
              min={0}
              allowDecimal={false}
              // "02" would be no number but a text.
              allowLeadingZeros={false}
              onFocus={(e) => e.currentTarget.select()}
              aria-label={t('count', { label: p.option.label })}
              value={part.count}
              onChange={(count) => typeof count === 'number' && change(index, { count })}
            />
            <Select
              flex={1}
              allowDeselect={false}
              aria-label={t('unit', { label: p.option.label })}
              data={[part.unit, ...free].map((u) => ({ value: u, label: t(`units.${u}`) }))}
              value={part.unit}
              onChange={(unit) => unit && change(index, { unit: unit as DurationUnit })}
            />
            {parts.length > 1 ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('remove')}
                onClick={() => set(parts.filter((x) => x !== part))}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            ) : null}
          </Group>
        ))}
        {free[0] === undefined ? null : (
          <Button
            variant="subtle"
            size="compact-sm"
            style={{ alignSelf: 'start' }}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...parts, { count: 0, unit: free[0] ?? 'minutes' }])}
          >
            {t('add_unit')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
