import type { EditorProps } from './types';

/** Label, help, star and error of an option, for any Mantine input. */
export const fieldProps = ({ option, error }: EditorProps) => ({
  label: option.label,
  withAsterisk: option.required ?? false,
  ...(option.help ? { description: option.help } : {}),
  ...(error === undefined ? {} : { error }),
});

export const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
export const asList = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(asText) : value === null || value === undefined ? [] : [asText(value)];
