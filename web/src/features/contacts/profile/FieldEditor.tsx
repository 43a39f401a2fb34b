import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { choicesOf, fromLocal, languages, toChoices, toLocal } from './fieldValue';
import type { ProfileField } from './profile';

type Props = {
  field: ProfileField;
  readOnly: boolean;
  /** As the server writes it: dates ISO, several choices between double pipes. Empty for none. */
  value: string;
  onChange: (value: string) => void;
  onBlur: () => void;
  error?: string;
  rightSection?: ReactNode;
};

const inputs: Record<string, { type?: string; inputMode?: 'decimal'; placeholder?: string }> = {
  date: { type: 'date' },
  number: { inputMode: 'decimal' },
  currency: { inputMode: 'decimal', placeholder: '12.50 EUR' },
};

/** The control for a custom field's type; a type this page does not know is edited as text. */
export function FieldEditor({ field, readOnly, value, onChange, rightSection, ...control }: Props) {
  const { t } = useTranslation('contacts');
  const common = { ...control, label: field.name, readOnly, ...(rightSection ? { rightSection } : {}) };
  const options = [...new Set([...field.options, ...(choicesOf(field.type) === 'one' && value ? [value] : [])])];
  if (field.type === 'textarea')
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={12}
        value={value}
        onChange={(e) => onChange(e.currentTarget.value)}
      />
    );
  if (choicesOf(field.type) === 'one')
    return (
      <Select
        {...common}
        data={options}
        searchable={options.length > 8}
        clearable={!readOnly}
        value={value || null}
        onChange={(v) => onChange(v ?? '')}
      />
    );
  if (choicesOf(field.type) === 'many')
    return (
      <MultiSelect
        {...common}
        data={[...new Set([...field.options, ...toChoices(value)])]}
        searchable
        hidePickedOptions
        value={toChoices(value)}
        onChange={(all) => onChange(all.length === 0 ? '' : `||${all.join('||')}||`)}
      />
    );
  if (field.type === 'language')
    return (
      <Select
        {...common}
        data={languages(value)}
        searchable
        clearable={!readOnly}
        nothingFoundMessage={t('fields.no_language')}
        value={value || null}
        onChange={(v) => onChange(v ?? '')}
      />
    );
  if (field.type === 'datetime')
    return (
      <TextInput
        {...common}
        type="datetime-local"
        value={toLocal(value)}
        onChange={(e) => onChange(fromLocal(e.currentTarget.value))}
      />
    );
  return (
    <TextInput
      {...common}
      {...inputs[field.type]}
      autoComplete="off"
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}
