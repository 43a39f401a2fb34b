import { Stack } from '@mantine/core';
import { editors } from './editors';
import { JsonEditor } from './JsonEditor';
import { isVisible, type OptionDescription, type Values } from './types';

type Props = {
  options: readonly OptionDescription[];
  values: Values;
  onChange: (values: Record<string, unknown>) => void;
  /** By dotted path, as `fieldErrors` gives them. */
  errors?: Readonly<Record<string, string>>;
  /** Where these values lie in the whole document, e.g. `triggers.0`. */
  path?: string;
};

/** A form drawn from the server's description; an unknown type is edited as JSON with a note. */
export function SchemaForm({ options, values, onChange, errors = {}, path = '' }: Props) {
  return (
    <Stack gap="md">
      {options
        .filter((option) => isVisible(option, values, options))
        .map((option) => {
          const Editor = editors[option.type] ?? JsonEditor;
          const at = path === '' ? option.key : `${path}.${option.key}`;
          const error = errors[at];
          return (
            <Editor
              key={option.key}
              option={option}
              path={at}
              errors={errors}
              {...(error === undefined ? {} : { error })}
              value={values[option.key] === undefined ? option.default : values[option.key]}
              onChange={(value) => onChange({ ...values, [option.key]: value })}
            />
          );
        })}
    </Stack>
  );
}
