import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { timesOf, timesOps, type ConditionNode, type Group } from './tree';

type Props = {
  of: ConditionNode | Group;
  onChange: (times: Record<string, number>) => void;
  /** Where "never" is offered too: whether it is chosen. */
  never?: boolean;
  onNever?: () => void;
};

/** How often, or how many: at least, exactly, at most a number. */
export function TimesInput({ of, onChange, never = false, onNever }: Props) {
  const { t } = useTranslation('conditions');
  const [often, times] = timesOf(of);
  const ops = onNever ? [...timesOps, 'never' as const] : timesOps;
  return (
    <>
      <Select
        size="xs"
        w={110}
        allowDeselect={false}
        label={t('times_label')}
        data={ops.map((op) => ({ value: op, label: t(`times_op.${op}`) }))}
        value={never ? 'never' : often}
        onChange={(op) => {
          if (op === 'never') onNever?.();
          else if (op !== null) onChange({ [op]: times });
        }}
      />
      {never ? null : (
        <NumberInput
          size="xs"
          w={90}
          min={often === 'at_least' ? 1 : 0}
          allowDecimal={false}
          label={t('times_count')}
          value={times}
          onChange={(n) => typeof n === 'number' && onChange({ [often]: n })}
        />
      )}
    </>
  );
}
