import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DurationEditor } from '../schemaForm/DurationEditor';
import classes from './conditions.module.css';
import type { ConditionNode } from './tree';

type Props = { leaf: ConditionNode; onChange: (leaf: ConditionNode) => void };

const windows = ['any', 'last', 'dates'] as const;

/** The day of a moment as the user's calendar has it. */
const dayOf = (moment: Date) =>
  `${moment.getFullYear()}-${String(moment.getMonth() + 1).padStart(2, '0')}-${String(moment.getDate()).padStart(2, '0')}`;

/** When it must have happened: at any time, in the last so many days, or from one day to another. */
export function WindowInput({ leaf, onChange }: Props) {
  const { t } = useTranslation('conditions');
  const between = Array.isArray(leaf['between']) ? leaf['between'].map(String) : undefined;
  const within = leaf['within'];
  const rest = Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== 'within' && k !== 'between'));
  const chosen = between ? 'dates' : within === undefined ? 'any' : 'last';
  const choose = (next: string | null) => {
    const now = new Date();
    const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 30);
    if (next === 'any') onChange(rest);
    else if (next === 'last') onChange({ ...rest, within: 'P30D' });
    else if (next === 'dates') onChange({ ...rest, between: [dayOf(before), dayOf(now)] });
  };
  const day = (index: 0 | 1) => (
    <TextInput
      size="xs"
      type="date"
      label={t(index === 0 ? 'from' : 'to')}
      value={between?.[index]?.slice(0, 10) ?? ''}
      onChange={(e) => {
        const value = e.currentTarget.value;
        onChange({ ...rest, between: index === 0 ? [value, between?.[1] ?? ''] : [between?.[0] ?? '', value] });
      }}
    />
  );
  return (
    <>
      <Select
        size="xs"
        w={140}
        allowDeselect={false}
        label={t('when_label')}
        data={windows.map((w) => ({ value: w, label: t(`when.${w}`) }))}
        value={chosen}
        onChange={choose}
      />
      {chosen === 'last' ? (
        <div className={classes.duration}>
          <DurationEditor
            option={{ key: 'within', label: t('within_label'), type: 'duration' }}
            errors={{}}
            path=""
            value={within}
            onChange={(value) => onChange({ ...rest, within: value })}
          />
        </div>
      ) : null}
      {between ? (
        <div className={classes.days}>
          {day(0)}
          {day(1)}
        </div>
      ) : null}
    </>
  );
}
