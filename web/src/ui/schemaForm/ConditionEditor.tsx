import { Input } from '@mantine/core';
import { fieldProps } from './fieldProps';
import { JsonEditor } from './JsonEditor';
import { useSchemaFormServices } from './references';
import type { EditorProps } from './types';

/** The page's own condition editor; without one the tree is edited as JSON. */
export function ConditionEditor(p: EditorProps) {
  const { condition } = useSchemaFormServices();
  if (condition === undefined) return <JsonEditor {...p} />;
  return (
    <Input.Wrapper {...fieldProps(p)} labelElement="div">
      {condition(p)}
    </Input.Wrapper>
  );
}
