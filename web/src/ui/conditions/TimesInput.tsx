import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { timesOf, timesOps, type ConditionNode, type Group } from './tree';

type Props = { of: ConditionNode | Group; onChange: (times: Record<string, number>) => void };

/** How often, or how many: at least, exactly, at most a number. */
export function TimesInput({ of, onChange }: Props) {
  const { t } = useTranslation('conditions');
  const [often, times] = timesOf(of);
  return (
    <>
      <Select
        size="xs"
        w={110}
        allowDeselect={false}
        label={t('times_label')}
        data={timesOps.map((op) => ({ value: op, label: t(`times_op.${op}`) }))}
        value={often}
        onChange={(op) => op && onChange({ [op]: times })}
      />
      <NumberInput
        size="xs"
        w={90}
        min={often === 'at_least' ? 1 : 0}
        allowDecimal={false}
        label={t('times_count')}
        value={times}
        onChange={(n) => typeof n === 'number' && onChange({ [often]: n })}
      />
    </>
  );
}
