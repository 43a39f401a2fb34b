import type { components } from '@/api/schema';
import { hasOptions, type Field, type FieldType } from './useFields';

/** `key` is only for the order on the screen. */
export type OptionDraft = { key: string; value: string; label: string; is_default: boolean };

export type FieldValues = {
  name: string;
  type: FieldType;
  key: string;
  group_id: string | null;
  description: string;
  default_value: string;
  required: boolean;
  visible: boolean;
  options: OptionDraft[];
};

let drafts = 0;
export const newOption = (): OptionDraft => ({ key: `new${drafts++}`, value: '', label: '', is_default: false });

export const fieldValues = (f: Field | null): FieldValues => ({
  name: f?.name ?? '',
  type: f?.type ?? 'text',
  key: f?.key ?? '',
  group_id: f?.group_id ? String(f.group_id) : null,
  description: f?.description ?? '',
  default_value: f?.default_value ?? '',
  required: f?.required ?? false,
  visible: f?.visible ?? true,
  options: f?.options.map((o) => ({ ...o, key: String(o.id) })) ?? [newOption(), newOption()],
});

/** As the server wants it. Options without a text are left out; an option's label follows its value unless it has its own. */
export const fieldBody = (v: FieldValues): components['schemas']['FieldInput'] => ({
  name: v.name,
  type: v.type,
  description: v.description,
  default_value: hasOptions(v.type) ? '' : v.default_value,
  required: v.required,
  visible: v.visible,
  group_id: v.group_id === null ? null : Number(v.group_id),
  ...(v.key === '' ? {} : { key: v.key }),
  ...(hasOptions(v.type)
    ? {
        options: v.options
          .filter((o) => o.value.trim() !== '')
          .map((o) => ({ value: o.value.trim(), label: o.label.trim() || o.value.trim(), is_default: o.is_default })),
      }
    : {}),
});

/** What the server will make of a name, near enough to show. */
export const keyFrom = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
