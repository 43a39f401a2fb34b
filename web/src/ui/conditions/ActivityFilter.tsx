import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { editors } from '../schemaForm/editors';
import { JsonEditor } from '../schemaForm/JsonEditor';
import type { OptionDescription } from '../schemaForm/types';
import classes from './conditions.module.css';
import type { Filter } from './filters';
import { StepPicker } from './StepPicker';
import type { ConditionNode } from './tree';

type Props = {
  option: OptionDescription;
  /** The row it belongs to. */
  leaf: ConditionNode;
  filter: Filter;
  onChange: (filter: Filter) => void;
};

/** One filter of an activity: how it is compared, and with what. */
export function ActivityFilter({ option, leaf, filter, onChange }: Props) {
  const { t } = useTranslation('conditions');
  // The operator can be chosen before the value, when nothing of it is stored.
  const [chosen, setChosen] = useState<string>();
  const op = filter.value === undefined ? (chosen ?? 'is') : filter.op;
  const Editor = editors[option.type] ?? JsonEditor;
  const ops = option.ops ?? [];
  return (
    <>
      <Text size="xs" fw={600} className={classes.filterTitle}>
        {option.label}
      </Text>
      {ops.length > 1 ? (
        <Select
          size="xs"
          w={130}
          allowDeselect={false}
          aria-label={t('filter_op', { title: option.label })}
          data={ops.map((o) => ({ value: o, label: t(`op.${o}`, { defaultValue: o }) }))}
          value={op}
          onChange={(next) => {
            if (next === null) return;
            setChosen(next);
            onChange({ op: next, value: filter.value });
          }}
        />
      ) : null}
      <div className={`${classes.filterValue} ${classes.single}`}>
        {option.type === 'step' ? (
          <StepPicker option={option} leaf={leaf} value={filter.value} onChange={(value) => onChange({ op, value })} />
        ) : (
          <Editor
            option={{ ...option, help: null }}
            errors={{}}
            path=""
            value={filter.value}
            onChange={(value) => onChange({ op, value: value === null ? undefined : value })}
          />
        )}
      </div>
    </>
  );
}
