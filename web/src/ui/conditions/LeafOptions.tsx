import { editors } from '../schemaForm/editors';
import { JsonEditor } from '../schemaForm/JsonEditor';
import type { OptionDescription } from '../schemaForm/types';
import { StepPicker } from './StepPicker';
import type { ConditionNode } from './tree';

type Props = {
  leaf: ConditionNode;
  options: readonly OptionDescription[];
  onChange: (leaf: ConditionNode) => void;
};

/** The leaf with another member, or without it. */
const withMember = (leaf: ConditionNode, key: string, value: unknown): ConditionNode => {
  const rest = Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== key));
  return value === undefined ? rest : { ...rest, [key]: value };
};

/** Further members of a field's row: the unit of a distance, the zone of a time of day. The first choice is meant where none is made. */
export const LeafOptions = ({ leaf, options, onChange }: Props) =>
  options.map((option) => {
    if (option.type === 'step')
      return (
        <StepPicker
          key={option.key}
          option={option}
          leaf={leaf}
          value={leaf[option.key]}
          onChange={(value) => onChange(withMember(leaf, option.key, value))}
        />
      );
    const Editor = editors[option.type] ?? JsonEditor;
    return (
      <Editor
        key={option.key}
        option={{ ...option, required: option.choices !== null && option.choices !== undefined }}
        errors={{}}
        path=""
        value={leaf[option.key] ?? option.choices?.[0]?.value}
        onChange={(value) => onChange({ ...leaf, [option.key]: value === '' ? null : value })}
      />
    );
  });
