import { api } from '@/api/client';
import type { components } from '@/api/schema';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { createContext, useContext } from 'react';

export type BlockKind = components['schemas']['BlockDescription'];
export type MailTag = { name: string; title: string; group: string; example: string };

export type Catalogue = {
  kinds: readonly BlockKind[];
  tags: readonly MailTag[];
  /** Titles of the tags by name. */
  titles: ReadonlyMap<string, string>;
};

export const CatalogueContext = createContext<Catalogue>({ kinds: [], tags: [], titles: new Map() });
export const useCatalogue = () => useContext(CatalogueContext);

export const useBlockKinds = () => api.useQuery('get', '/api/app/message-blocks', {}, { staleTime: Infinity });
export const useMailTags = () => api.useQuery('get', '/api/app/personalization-tags', {}, { staleTime: 60_000 });

type BlockOption = components['schemas']['BlockOption'];

/** Types of blocks under their name in `SchemaForm`. */
const types: Record<string, string> = { html: 'code', list: 'group' };

function defaultOf(option: BlockOption): unknown {
  if (option.default === null || option.default === undefined) return undefined;
  if (option.type === 'integer') return Number(option.default);
  return option.type === 'switch' ? option.default === 'true' : option.default;
}

function visibleWhen(when: string): { key: string; equals: unknown } {
  const [key = '', value = ''] = when.split('=');
  return { key, equals: value === 'true' || value === 'false' ? value === 'true' : value };
}

/** The server's description of a block's option as the form draws it. */
export function toOption(option: BlockOption): OptionDescription {
  const preset = defaultOf(option);
  return {
    key: option.key,
    label: option.label,
    type: types[option.type] ?? option.type,
    required: option.required ?? false,
    ...(option.help ? { help: option.help } : {}),
    ...(preset === undefined ? {} : { default: preset }),
    ...(option.type === 'integer' ? { min: option.least ?? 0, max: option.most ?? 1000 } : {}),
    ...(option.visible_when ? { visible_when: visibleWhen(option.visible_when) } : {}),
    ...(option.choices
      ? { choices: option.choices.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) })) }
      : {}),
    ...(option.fields ? { options: option.fields.map(toOption) } : {}),
  };
}

/** The value of an option, or what it is when left out. */
export function optionOf(
  kind: BlockKind | undefined,
  options: Readonly<Record<string, unknown>>,
  key: string,
): unknown {
  const value = options[key];
  if (value !== undefined && value !== null) return value;
  const described = kind?.options.find((o) => o.key === key);
  return described ? defaultOf(described) : undefined;
}
