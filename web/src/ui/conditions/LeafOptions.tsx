import { editors } from '../schemaForm/editors';
import { JsonEditor } from '../schemaForm/JsonEditor';
import type { OptionDescription } from '../schemaForm/types';
import type { ConditionNode } from './tree';

type Props = {
  leaf: ConditionNode;
  options: readonly OptionDescription[];
  onChange: (leaf: ConditionNode) => void;
};

/** Further members of a field's row: the unit of a distance, the zone of a time of day. The first choice is meant where none is made. */
export const LeafOptions = ({ leaf, options, onChange }: Props) =>
  options.map((option) => {
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
