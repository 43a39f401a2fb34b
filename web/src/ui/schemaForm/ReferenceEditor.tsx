import { ReferencePicker } from './ReferencePicker';
import { asList, asText, fieldProps } from './fieldProps';
import type { EditorProps } from './types';

/** Sources in which a thing can be made from its name alone. */
const makeable: ReadonlySet<string> = new Set(['tag', 'list', 'field', 'event']);

/** Things are known by their ids, which are numbers in documents; those of standard fields are below zero. */
export function ReferenceEditor(p: EditorProps) {
  const { option } = p;
  const source = option.source ?? '';
  const ids = (values: readonly string[]) => values.map(Number);
  return (
    <ReferencePicker
      {...fieldProps(p)}
      source={source}
      multiple={option.multiple ?? false}
      creatable={option.creatable ?? makeable.has(source)}
      values={option.multiple ? asList(p.value) : asList(asText(p.value) || null)}
      onChange={(values) => p.onChange(option.multiple ? ids(values) : (ids(values)[0] ?? null))}
    />
  );
}
