import { newColumn, newId } from './read';
import type { Block, Column, Design, Place, Section } from './types';

/** Every operation gives a new document and shares what did not change, so that a history of them is cheap. */

const mapColumns = (design: Design, change: (column: Column) => Column): Design => ({
  ...design,
  sections: design.sections.map((section) => {
    const columns = section.columns.map(change);
    return columns.some((c, i) => c !== section.columns[i]) ? { ...section, columns } : section;
  }),
});

export const allColumns = (design: Design) => design.sections.flatMap((s) => s.columns);

export function findBlock(design: Design, id: string): { block: Block; place: Place; section: Section } | null {
  for (const section of design.sections)
    for (const column of section.columns) {
      const index = column.blocks.findIndex((b) => b.id === id);
      const block = column.blocks[index];
      if (block) return { block, place: { column: column.id, index }, section };
    }
  return null;
}

export const findSection = (design: Design, id: string) => design.sections.find((s) => s.id === id) ?? null;

export const insertBlock = (design: Design, place: Place, block: Block): Design =>
  mapColumns(design, (c) => (c.id === place.column ? { ...c, blocks: c.blocks.toSpliced(place.index, 0, block) } : c));

export const removeBlock = (design: Design, id: string): Design =>
  mapColumns(design, (c) =>
    c.blocks.some((b) => b.id === id) ? { ...c, blocks: c.blocks.filter((b) => b.id !== id) } : c,
  );

export const updateBlock = (design: Design, id: string, change: Partial<Block>): Design =>
  mapColumns(design, (c) =>
    c.blocks.some((b) => b.id === id)
      ? { ...c, blocks: c.blocks.map((b) => (b.id === id ? { ...b, ...change } : b)) }
      : c,
  );

/** `place` is meant in the document as it is, with the block still in it. */
export function moveBlock(design: Design, id: string, place: Place): Design {
  const found = findBlock(design, id);
  if (!found || !allColumns(design).some((c) => c.id === place.column)) return design;
  const sameColumn = found.place.column === place.column;
  if (sameColumn && (place.index === found.place.index || place.index === found.place.index + 1)) return design;
  const index = sameColumn && place.index > found.place.index ? place.index - 1 : place.index;
  return insertBlock(removeBlock(design, id), { column: place.column, index }, found.block);
}

/** One place up or down; at the edge of a column into the next column of the mail. */
export function nudgeBlock(design: Design, id: string, by: -1 | 1): Design {
  const found = findBlock(design, id);
  if (!found) return design;
  const columns = allColumns(design);
  const at = columns.findIndex((c) => c.id === found.place.column);
  const column = columns[at];
  const index = found.place.index + by;
  if (column && index >= 0 && index < column.blocks.length)
    return moveBlock(design, id, { column: column.id, index: by < 0 ? index : index + 1 });
  const next = columns[at + by];
  return next ? moveBlock(design, id, { column: next.id, index: by < 0 ? next.blocks.length : 0 }) : design;
}

export const copyBlock = (block: Block): Block => ({ ...block, id: newId() });

export function duplicateBlock(design: Design, id: string): { design: Design; copy: string } | null {
  const found = findBlock(design, id);
  if (!found) return null;
  const copy = copyBlock(found.block);
  return {
    design: insertBlock(design, { column: found.place.column, index: found.place.index + 1 }, copy),
    copy: copy.id,
  };
}

export const insertSection = (design: Design, index: number, section: Section): Design => ({
  ...design,
  sections: design.sections.toSpliced(index, 0, section),
});

export const removeSection = (design: Design, id: string): Design => ({
  ...design,
  sections: design.sections.filter((s) => s.id !== id),
});

export const updateSection = (design: Design, id: string, change: Partial<Section>): Design => ({
  ...design,
  sections: design.sections.map((s) => (s.id === id ? { ...s, ...change } : s)),
});

export function nudgeSection(design: Design, id: string, by: -1 | 1): Design {
  const at = design.sections.findIndex((s) => s.id === id);
  const section = design.sections[at];
  const to = at + by;
  if (!section || to < 0 || to >= design.sections.length) return design;
  return { ...design, sections: design.sections.toSpliced(at, 1).toSpliced(to, 0, section) };
}

/** `index` is meant in the document as it is, with the section still in it. */
export function moveSection(design: Design, id: string, index: number): Design {
  const at = design.sections.findIndex((s) => s.id === id);
  const section = design.sections[at];
  if (!section || index === at || index === at + 1) return design;
  return {
    ...design,
    sections: design.sections.toSpliced(at, 1).toSpliced(index > at ? index - 1 : index, 0, section),
  };
}

export const copySection = (section: Section): Section => ({
  ...section,
  id: newId(),
  columns: section.columns.map((c) => ({ ...c, id: newId(), blocks: c.blocks.map(copyBlock) })),
});

export function duplicateSection(design: Design, id: string): { design: Design; copy: string } | null {
  const at = design.sections.findIndex((s) => s.id === id);
  const section = design.sections[at];
  if (!section) return null;
  const copy = copySection(section);
  return { design: insertSection(design, at + 1, copy), copy: copy.id };
}

/** More columns come empty; of fewer, the last takes the blocks of those that go. */
export function setColumnCount(section: Section, count: number): readonly Column[] {
  const { columns } = section;
  if (count >= columns.length)
    return [...columns, ...Array.from({ length: count - columns.length }, () => newColumn())];
  const kept = columns.slice(0, count);
  const rest = columns.slice(count).flatMap((c) => c.blocks);
  return kept.map((c, i) => (i === count - 1 ? { ...c, blocks: [...c.blocks, ...rest] } : c));
}

/** What a warning's path (`/sections/0/columns/1/blocks/2`) points at. */
export function atPath(design: Design, path: string): string | null {
  const [, s, c, b] = /^\/?(?:design\/)?sections\/(\d+)(?:\/columns\/(\d+)(?:\/blocks\/(\d+))?)?/.exec(path) ?? [];
  const section = design.sections[Number(s)];
  return section?.columns[Number(c)]?.blocks[Number(b)]?.id ?? section?.id ?? null;
}

export function pathOf(design: Design, id: string): readonly [section: string, block?: string] | null {
  const found = findBlock(design, id);
  if (found) return [found.section.id, id];
  return findSection(design, id) ? [id] : null;
}
