import { ActivityFilters } from './ActivityFilters';
import classes from './conditions.module.css';
import { TimesInput } from './TimesInput';
import { WindowInput } from './WindowInput';
import type { ConditionDescription, ConditionNode } from './tree';

type Props = { leaf: ConditionNode; about: ConditionDescription; onChange: (leaf: ConditionNode) => void };

/** What happened: how often or never, when, and the activity's own filters. */
export function ActivityLeaf({ leaf, about, onChange }: Props) {
  const never = leaf['never'];
  const rest = Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== 'never' && k !== 'times'));
  return (
    <div className={`${classes.value} ${classes.happened}`}>
      <TimesInput
        of={leaf}
        never={never === true}
        onChange={(times) => onChange({ ...rest, times })}
        onNever={() => onChange({ ...rest, never: true })}
      />
      <WindowInput leaf={leaf} onChange={onChange} />
      {about.options && about.options.length > 0 ? (
        <ActivityFilters options={about.options} leaf={leaf} onChange={onChange} />
      ) : null}
    </div>
  );
}
