import type { ReportCounting } from '@/api/reports';
import { Group, SegmentedControl, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ReportsSearch } from './routes';

type Props = {
  sources: readonly { value: string; title: string }[];
  source: string | undefined;
  step: string | undefined;
  /** Whether the days are few enough for a point each. */
  daily: boolean;
  counting: ReportCounting;
  onChange: (part: ReportsSearch) => void;
};

/** Which mails, how fine, and whose opens count. */
export function ChoiceBar({ sources, source, step, daily, counting, onChange }: Props) {
  const { t } = useTranslation('reports');
  return (
    <Group gap="md" align="flex-end" role="group" aria-label={t('choice')}>
      <Select
        size="xs"
        w={190}
        label={t('source')}
        allowDeselect={false}
        value={source ?? 'all'}
        onChange={(value) => onChange({ source: value ?? 'all' })}
        data={[{ value: 'all', label: t('source_all') }, ...sources.map((c) => ({ value: c.value, label: c.title }))]}
      />
      <Select
        size="xs"
        w={190}
        label={t('machines')}
        allowDeselect={false}
        value={counting.machines}
        onChange={(value) => onChange({ machines: value ?? 'as_recorded' })}
        data={(['as_recorded', 'none', 'all'] as const).map((value) => ({ value, label: t(`machines_${value}`) }))}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('step')}
        value={step ?? 'day'}
        onChange={(value) => onChange({ step: value })}
        data={(['day', 'week', 'month'] as const).map((value) => ({
          value,
          label: t(`step_${value}`),
          disabled: value === 'day' && !daily,
        }))}
      />
      <Switch
        size="sm"
        mb={4}
        label={t('privacy')}
        checked={counting.privacy}
        onChange={(e) => onChange({ privacy: e.currentTarget.checked ? 'yes' : 'no' })}
      />
    </Group>
  );
}
