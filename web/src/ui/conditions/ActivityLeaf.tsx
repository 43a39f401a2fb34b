import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DurationEditor } from '../schemaForm/DurationEditor';
import { ActivityFilters } from './ActivityFilters';
import classes from './conditions.module.css';
import { TimesInput } from './TimesInput';
import type { ConditionDescription, ConditionNode } from './tree';

type Props = { leaf: ConditionNode; about: ConditionDescription; onChange: (leaf: ConditionNode) => void };

/** What happened: how often, within what time, or never; and the activity's own filters. */
export function ActivityLeaf({ leaf, about, onChange }: Props) {
  const { t } = useTranslation('conditions');
  const never = leaf['never'] === true;
  const without = (key: string) => Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== key));
  return (
    <div className={classes.value}>
      <Switch
        size="xs"
        label={t('never_label')}
        checked={never}
        onChange={(e) =>
          onChange(
            e.currentTarget.checked
              ? { ...without('times'), never: true }
              : { ...without('never'), times: { at_least: 1 } },
          )
        }
      />
      {never ? null : <TimesInput of={leaf} onChange={(times) => onChange({ ...leaf, times })} />}
      <Switch
        size="xs"
        label={t('limit_time')}
        checked={leaf['within'] !== undefined}
        onChange={(e) =>
          onChange(e.currentTarget.checked ? { ...without('between'), within: 'P30D' } : without('within'))
        }
      />
      {leaf['within'] === undefined ? null : (
        <DurationEditor
          option={{ key: 'within', label: t('within_label'), type: 'duration' }}
          errors={{}}
          path=""
          value={leaf['within']}
          onChange={(within) => onChange({ ...leaf, within })}
        />
      )}
      {about.options && about.options.length > 0 ? (
        <ActivityFilters options={about.options} leaf={leaf} onChange={onChange} />
      ) : null}
    </div>
  );
}
