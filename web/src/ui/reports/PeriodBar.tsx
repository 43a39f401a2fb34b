import { Alert, Group, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { presets, type PeriodSearch, type readPeriod } from './period';

type Props = {
  period: ReturnType<typeof readPeriod>;
  onChange: (search: PeriodSearch) => void;
  /** Whether the days before can be shown beside them. */
  comparable?: boolean;
};

/** Which days a report is about; lives in the address. */
export function PeriodBar({ period, onChange, comparable = true }: Props) {
  const { t } = useTranslation('reports');
  const compare = period.compare ? {} : { compare: 'no' };
  const own = (part: { first?: string; last?: string }) =>
    onChange({ first: period.first, last: period.last, ...part, ...compare });
  return (
    <>
      <Group gap="md" align="flex-end">
        <SegmentedControl
          size="xs"
          aria-label={t('period.label')}
          value={period.preset}
          onChange={(days) => (days === 'own' ? own({}) : onChange({ days, ...compare }))}
          data={[...presets, 'own'].map((value) => ({ value, label: t(`period.${value}`) }))}
        />
        {period.preset === 'own' ? (
          <Group gap="sm" align="flex-end">
            <TextInput
              type="date"
              size="xs"
              label={t('period.first')}
              value={period.first}
              max={period.last}
              onChange={(e) => own({ first: e.currentTarget.value })}
            />
            <TextInput
              type="date"
              size="xs"
              label={t('period.last')}
              value={period.last}
              min={period.first}
              onChange={(e) => own({ last: e.currentTarget.value })}
            />
          </Group>
        ) : null}
        {comparable ? (
          <Switch
            size="sm"
            label={t('period.compare')}
            checked={period.compare}
            onChange={(e) =>
              onChange({
                ...(period.preset === 'own' ? { first: period.first, last: period.last } : { days: period.preset }),
                ...(e.currentTarget.checked ? {} : { compare: 'no' }),
              })
            }
          />
        ) : null}
      </Group>
      {period.valid ? null : <Alert color="yellow">{t('period.wrong')}</Alert>}
    </>
  );
}
