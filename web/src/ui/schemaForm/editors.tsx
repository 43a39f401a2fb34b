import { ColorInput, MultiSelect, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionEditor } from './ConditionEditor';
import { DurationEditor } from './DurationEditor';
import { asList, asText, fieldProps } from './fieldProps';
import { GroupEditor } from './GroupEditor';
import { JsonEditor } from './JsonEditor';
import { MapEditor } from './MapEditor';
import { NumberEditor } from './NumberEditor';
import { ReferenceEditor } from './ReferenceEditor';
import { useSchemaFormServices } from './references';
import { TemplateEditor } from './TemplateEditor';
import type { EditorProps, OptionType } from './types';

const input = (type: string) =>
  function InputEditor(p: EditorProps) {
    return (
      <TextInput
        {...fieldProps(p)}
        type={type}
        value={asText(p.value)}
        onChange={(e) => p.onChange(e.currentTarget.value)}
      />
    );
  };

const area = (rows: number, mono: boolean) =>
  function AreaEditor(p: EditorProps) {
    return (
      <Textarea
        {...fieldProps(p)}
        autosize
        minRows={rows}
        maxRows={20}
        {...(mono ? { ff: 'monospace', spellCheck: false } : {})}
        value={asText(p.value)}
        onChange={(e) => p.onChange(e.currentTarget.value)}
      />
    );
  };

const number = (limits: { decimals: boolean; suffix?: string }) => (p: EditorProps) => (
  <NumberEditor {...p} {...limits} />
);

function SwitchEditor(p: EditorProps) {
  const { label, description, error } = fieldProps(p);
  return (
    <Switch
      label={label}
      description={description}
      error={error}
      checked={p.value === true}
      onChange={(e) => p.onChange(e.currentTarget.checked)}
    />
  );
}

const choices = (p: EditorProps) => (p.option.choices ?? []).map((c) => ({ value: c.value, label: c.label }));

function ChoiceEditor(p: EditorProps) {
  const data = choices(p);
  // What is emptied has to mean something: an option with a default always has a value.
  const optional = !p.option.required && (p.option.default === undefined || p.option.default === null);
  return (
    <Select
      {...fieldProps(p)}
      data={data}
      searchable={data.length > 8}
      clearable={optional}
      allowDeselect={optional}
      value={p.value === undefined || p.value === null ? null : asText(p.value)}
      onChange={p.onChange}
    />
  );
}

const ManyEditor = (p: EditorProps) => (
  <MultiSelect {...fieldProps(p)} data={choices(p)} searchable value={asList(p.value)} onChange={p.onChange} />
);

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC')];

const ZoneEditor = (p: EditorProps) => (
  <Select
    {...fieldProps(p)}
    data={zones}
    searchable
    limit={60}
    clearable={!p.option.required}
    value={asText(p.value) || null}
    onChange={p.onChange}
  />
);

const UrlEditor = input('url');

/** The page's own way to pictures; without one their address is typed. */
function ImageEditor(p: EditorProps) {
  const { image } = useSchemaFormServices();
  return image === undefined ? <UrlEditor {...p} /> : <>{image(p)}</>;
}

function ColourEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const { swatches } = useSchemaFormServices();
  return (
    <ColorInput
      {...fieldProps(p)}
      format="hex"
      {...(swatches && swatches.length > 0 ? { swatches: [...swatches] } : {})}
      eyeDropperButtonProps={{ 'aria-label': t('eye_dropper') }}
      value={asText(p.value)}
      onChange={p.onChange}
    />
  );
}

/** ISO instant in UTC outside, the user's own clock inside. */
function DateTimeEditor(p: EditorProps) {
  const date = new Date(asText(p.value));
  const local = Number.isNaN(date.getTime())
    ? ''
    : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <TextInput
      {...fieldProps(p)}
      type="datetime-local"
      value={local}
      onChange={(e) => p.onChange(e.currentTarget.value === '' ? null : new Date(e.currentTarget.value).toISOString())}
    />
  );
}

/** Whole numbers one after the other; what is typed stays as it is until it is left. */
function NumbersEditor(p: EditorProps) {
  const given = Array.isArray(p.value) ? p.value.join(', ') : '';
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      {...fieldProps(p)}
      inputMode="numeric"
      value={typed ?? given}
      onBlur={() => setTyped(null)}
      onChange={(e) => {
        const text = e.currentTarget.value;
        const numbers = text.split(/[^0-9]+/).filter((part) => part !== '');
        setTyped(text);
        p.onChange(numbers.length === 0 ? null : numbers.map(Number));
      }}
    />
  );
}

const known: Record<OptionType, ComponentType<EditorProps>> = {
  text: input('text'),
  long_text: area(3, false),
  rich_text: area(6, false),
  template: TemplateEditor,
  number: number({ decimals: true }),
  integer: number({ decimals: false }),
  numbers: NumbersEditor,
  percent: number({ decimals: true, suffix: ' %' }),
  duration: DurationEditor,
  date: input('date'),
  time: input('time'),
  datetime: DateTimeEditor,
  zone: ZoneEditor,
  switch: SwitchEditor,
  choice: ChoiceEditor,
  many: ManyEditor,
  colour: ColourEditor,
  url: UrlEditor,
  image: ImageEditor,
  json: JsonEditor,
  code: area(6, true),
  reference: ReferenceEditor,
  condition: ConditionEditor,
  map: MapEditor,
  group: GroupEditor,
};

export const editors: Record<string, ComponentType<EditorProps> | undefined> = known;
