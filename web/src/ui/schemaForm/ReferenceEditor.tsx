import { ReferencePicker } from './ReferencePicker';
import { asList, asText, fieldProps } from './fieldProps';
import type { EditorProps } from './types';

export function ReferenceEditor(p: EditorProps) {
  const { option } = p;
  const numeric = typeof option.default === 'number' || typeof p.value === 'number';
  const out = (value: string) => (numeric ? Number(value) : value);
  return (
    <ReferencePicker
      {...fieldProps(p)}
      source={option.source ?? ''}
      multiple={option.multiple ?? false}
      creatable={option.creatable ?? (option.source === 'tag' || option.source === 'list')}
      values={option.multiple ? asList(p.value) : asList(asText(p.value) || null)}
      onChange={(values) =>
        p.onChange(option.multiple ? values.map(out) : values[0] === undefined ? null : out(values[0]))
      }
    />
  );
}
