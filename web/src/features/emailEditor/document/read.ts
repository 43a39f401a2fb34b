import type { Block, Column, Design, DesignSettings, Section } from './types';

/** The server's defaults of the whole mail. */
export const plainSettings: DesignSettings = {
  width: 600,
  lang: 'en',
  preheader: '',
  font: 'system',
  background: '#f3f4f6',
  content_background: '#ffffff',
  text_colour: '#374151',
  heading_colour: '#111827',
  muted_colour: '#6b7280',
  link_colour: '#2563eb',
  button_colour: '#2563eb',
  button_text_colour: '#ffffff',
  button_radius: 8,
};

let last = 0;
export const newId = () => `n${++last}`;

export const newBlock = (kind: string, options: Record<string, unknown> = {}): Block => ({
  id: newId(),
  kind,
  options,
  space_below: 16,
});

export const newColumn = (blocks: readonly Block[] = []): Column => ({ id: newId(), share: 1, padding: 0, blocks });

export const newSection = (columns = 1, blocks: readonly Block[] = []): Section => ({
  id: newId(),
  padding_top: 24,
  padding_bottom: 24,
  padding_side: 32,
  gap: 24,
  stack_on_mobile: true,
  vertical_align: 'top',
  radius_top: 0,
  radius_bottom: 0,
  columns: Array.from({ length: columns }, (_, i) => newColumn(i === 0 ? blocks : [])),
});

type Loose = Record<string, unknown>;
const list = (value: unknown): Loose[] => (Array.isArray(value) ? (value as Loose[]) : []);

export const readBlock = (block: Loose): Block => ({
  ...newBlock(String(block['kind'])),
  ...(block as Partial<Block>),
  id: newId(),
});

export const readSection = (section: Loose): Section => ({
  ...newSection(0),
  ...(section as Partial<Section>),
  id: newId(),
  columns: list(section['columns']).map((column) => ({
    ...newColumn(),
    ...(column as Partial<Column>),
    id: newId(),
    blocks: list(column['blocks']).map(readBlock),
  })),
});

/** The stored document with what it leaves out, and an id for everything that can be selected. */
export function readDesign(stored: unknown): Design {
  const design = (typeof stored === 'object' && stored !== null ? stored : {}) as Loose;
  return {
    version: 1,
    settings: { ...plainSettings, ...(design['settings'] as Partial<DesignSettings> | undefined) },
    sections: list(design['sections']).map(readSection),
  };
}

const without = (item: object) =>
  Object.fromEntries(
    Object.entries(item).filter(([key, value]) => key !== 'id' && value !== null && value !== undefined),
  );

export const writeBlock = (block: Block) => without(block);

export const writeSection = (section: Section) => ({
  ...without(section),
  columns: section.columns.map((column) => ({ ...without(column), blocks: column.blocks.map(writeBlock) })),
});

/** As the server takes it: no ids, no empty members. */
export const writeDesign = (design: Design) => ({
  version: 1,
  settings: without(design.settings),
  sections: design.sections.map(writeSection),
});
