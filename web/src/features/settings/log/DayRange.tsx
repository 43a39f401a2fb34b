import { Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Range = { from: string; until: string };

/** The first and the last day, in the browser's zone. */
export function DayRange({ value, onChange }: { value: Range; onChange: (value: Range) => void }) {
  const { t } = useTranslation('settings');
  return (
    <>
      {(['from', 'until'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          leftSection={
            <Text size="xs" c="dimmed" aria-hidden>
              {t(`log.${end}_short`)}
            </Text>
          }
          leftSectionWidth={52}
          leftSectionPointerEvents="none"
          aria-label={t(`log.${end}`)}
          value={value[end]}
          onChange={(e) => onChange({ ...value, [end]: e.currentTarget.value })}
        />
      ))}
    </>
  );
}

/** As the server asks for it: the last day is meant whole. */
export function rangeOf({ from, until }: Range): { from?: string; until?: string } {
  const end = until ? new Date(`${until}T00:00`) : null;
  end?.setDate(end.getDate() + 1);
  return {
    ...(from ? { from: new Date(`${from}T00:00`).toISOString() } : {}),
    ...(end ? { until: end.toISOString() } : {}),
  };
}
