import { NumberInput, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DurationEditor } from '../schemaForm/DurationEditor';
import { SchemaForm } from '../schemaForm/SchemaForm';
import classes from './conditions.module.css';
import type { ConditionDescription, ConditionNode } from './tree';

type Props = { leaf: ConditionNode; about: ConditionDescription; onChange: (leaf: ConditionNode) => void };

/** What happened: how often, within what time, or never; and the activity's own filters. */
export function ActivityLeaf({ leaf, about, onChange }: Props) {
  const { t } = useTranslation('ui');
  const never = leaf['never'] === true;
  const times = (leaf['times'] as { at_least?: number } | undefined)?.at_least ?? 1;
  const without = (key: string) => Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== key));
  return (
    <div className={classes.value}>
      <Switch
        size="xs"
        label={t('condition.never_label')}
        checked={never}
        onChange={(e) =>
          onChange(
            e.currentTarget.checked
              ? { ...without('times'), never: true }
              : { ...without('never'), times: { at_least: 1 } },
          )
        }
      />
      {never ? null : (
        <NumberInput
          size="xs"
          w={120}
          min={1}
          allowDecimal={false}
          label={t('condition.at_least')}
          value={times}
          onChange={(n) => typeof n === 'number' && onChange({ ...leaf, times: { at_least: n } })}
        />
      )}
      <Switch
        size="xs"
        label={t('condition.limit_time')}
        checked={leaf['within'] !== undefined}
        onChange={(e) =>
          onChange(e.currentTarget.checked ? { ...without('between'), within: 'P30D' } : without('within'))
        }
      />
      {leaf['within'] === undefined ? null : (
        <DurationEditor
          option={{ key: 'within', label: t('condition.within_label'), type: 'duration' }}
          errors={{}}
          path=""
          value={leaf['within']}
          onChange={(within) => onChange({ ...leaf, within })}
        />
      )}
      {about.options && about.options.length > 0 ? (
        <SchemaForm options={about.options} values={leaf} onChange={(next) => onChange(next)} />
      ) : null}
    </div>
  );
}
