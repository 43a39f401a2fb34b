import { useTranslation } from 'react-i18next';
import { editors } from '../schemaForm/editors';
import { JsonEditor } from '../schemaForm/JsonEditor';
import type { OptionDescription } from '../schemaForm/types';
import classes from './conditions.module.css';
import { durationOps, listOps, type ConditionDescription, type ConditionNode } from './tree';

type Props = { leaf: ConditionNode; about: ConditionDescription; op: string; onChange: (value: unknown) => void };

/** The value of a field condition, by the editors of forms. */
export function LeafValue({ leaf, about, op, onChange }: Props) {
  const { t } = useTranslation('conditions');
  const value = leaf['value'];
  const list = listOps.has(op);
  // Of more than two several can be meant: any of these countries. What already names several is shown so, or it would look empty.
  const several = about.value?.type === 'choice' && ((about.value.choices?.length ?? 0) > 2 || Array.isArray(value));
  const type = several
    ? 'many'
    : durationOps.has(op)
      ? 'duration'
      : list && about.value?.choices
        ? 'many'
        : (about.value?.type ?? 'text');
  const option: OptionDescription = {
    key: 'value',
    label: t('value'),
    type,
    required: false,
    source: about.value?.source ?? null,
    choices: about.value?.choices ?? null,
    multiple: list,
  };
  const Editor = editors[type] ?? JsonEditor;
  if (op === 'between') {
    const pair = Array.isArray(value) ? value : [];
    const part = (index: number) => (
      <Editor
        key={index}
        option={{ ...option, label: t(index === 0 ? 'from' : 'to') }}
        errors={{}}
        path=""
        value={pair[index]}
        onChange={(v) => onChange(index === 0 ? [v, pair[1] ?? null] : [pair[0] ?? null, v])}
      />
    );
    return (
      <div className={classes.value}>
        {part(0)}
        {part(1)}
      </div>
    );
  }
  return (
    <div className={`${classes.value} ${classes.single}`}>
      <Editor
        option={option}
        errors={{}}
        path=""
        value={value}
        onChange={(next) => onChange(several && Array.isArray(next) && next.length === 1 ? next[0] : next)}
      />
    </div>
  );
}
