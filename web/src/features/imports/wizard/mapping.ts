import type { components } from '@/api/schema';

export type Preview = components['schemas']['ImportPreview'];
export type ColumnChoice = components['schemas']['StartImportColumnChoice'];
export type FieldType = components['schemas']['FieldType'];

/** Where a column goes, as one text for the chooser: `email`, `field:12`, `new` or `skip`. */
export type Target = string;

export type Column = { index: number; name: string; target: Target; newName: string; newType: FieldType };

/** Types that can be made while importing; those with options are made on the page of fields. */
export const importableTypes: readonly FieldType[] = [
  'text',
  'textarea',
  'number',
  'currency',
  'date',
  'datetime',
  'language',
];

export const standardTargets = ['email', 'first_name', 'last_name', 'phone', 'time_zone'] as const;

/** What the server proposes. A field that could be made is offered, not made: its column is left out until someone says so. */
export const proposed = (preview: Preview): Column[] =>
  preview.columns.map(({ index, name, proposal }) => ({
    index,
    name,
    target: proposal.target === 'field' ? (proposal.field_id ? `field:${proposal.field_id}` : 'new') : proposal.target,
    newName: proposal.new_field?.name ?? name,
    newType: proposal.new_field?.type ?? 'text',
  }));

export const samplesOf = (preview: Preview, index: number): string[] =>
  [...new Set(preview.rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== ''))].slice(0, 3);

export type MappingError = 'email_missing' | 'twice' | 'name_missing' | 'name_twice';

/** What is wrong with the mapping: for the whole of it (`all`), or by the index of a column. */
export function findErrors(columns: readonly Column[]): { all?: MappingError; byColumn: Map<number, MappingError> } {
  const byColumn = new Map<number, MappingError>();
  const seen = new Set<string>();
  for (const c of columns) {
    if (c.target === 'skip') continue;
    const name = c.newName.trim().toLowerCase();
    if (c.target === 'new' && name === '') byColumn.set(c.index, 'name_missing');
    const key = c.target === 'new' ? `new:${name}` : c.target;
    if (seen.has(key)) byColumn.set(c.index, c.target === 'new' ? 'name_twice' : 'twice');
    seen.add(key);
  }
  return seen.has('email') ? { byColumn } : { all: 'email_missing', byColumn };
}

/** The mapping as the server wants it: one choice for each column of the file, in its order. */
export const toChoices = (columns: readonly Column[]): ColumnChoice[] =>
  columns.map((c) => {
    if (c.target === 'new') return { target: 'field', new_field: { name: c.newName.trim(), type: c.newType } };
    if (c.target.startsWith('field:')) return { target: 'field', field_id: Number(c.target.slice('field:'.length)) };
    return { target: c.target as ColumnChoice['target'] };
  });
