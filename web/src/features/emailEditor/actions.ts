import { useCallback, useMemo } from 'react';
import { useCatalogue } from './catalogue';
import {
  duplicateBlock,
  duplicateSection,
  findBlock,
  insertBlock,
  insertSection,
  nudgeBlock,
  nudgeSection,
  removeBlock,
  removeSection,
} from './document/operations';
import { readClip, writeClip, type Clip } from './document/clipboard';
import { newBlock, newColumn, newSection } from './document/read';
import { partBlock, partSection, type DesignPart } from './parts/parts';
import { useEditorStore } from './document/store';
import type { Design, Place } from './document/types';
import { useStartingOptions } from './startingOptions';

/** What can be dragged: a block or a section of the mail, a new block of a kind, or a part kept for other mails. */
export type DragItem = {
  label: string;
  block?: string;
  kind?: string;
  section?: string;
  part?: DesignPart;
  /** A new section with columns of these shares. */
  shares?: readonly number[];
};

/** Where it may fall: between blocks, or between sections. */
export type DropPlace = Place | { sections: number };

export const accepts = (item: DragItem, place: DropPlace): boolean =>
  'sections' in place === (item.section !== undefined || item.shares !== undefined || item.part?.is_block === false);

const focusBlock = (id: string) => requestAnimationFrame(() => document.getElementById(`block-${id}`)?.focus());

/** Where a block goes when nobody says where: after the selection, or at the end before a closing footer section. */
function defaultPlace(design: Design, selected: string | null): Place | null {
  const found = selected ? findBlock(design, selected) : null;
  if (found) return { column: found.place.column, index: found.place.index + 1 };
  const own = design.sections.find((s) => s.id === selected)?.columns[0];
  const hasFooter = (s: Design['sections'][number]) => s.columns.some((c) => c.blocks.some((b) => b.kind === 'footer'));
  const column =
    own ?? design.sections.findLast((s) => !hasFooter(s))?.columns[0] ?? design.sections.at(-1)?.columns[0];
  return column ? { column: column.id, index: column.blocks.length } : null;
}

export function useAddBlock() {
  const store = useEditorStore();
  const { kinds } = useCatalogue();
  const starting = useStartingOptions();
  return useCallback(
    (kind: string, place?: Place) => {
      const described = kinds.find((k) => k.key === kind);
      if (!described) return;
      const block = newBlock(kind, starting(kind));
      const { content, selected, edit, select } = store.getState();
      const at = place ?? defaultPlace(content.design, selected);
      edit((d) => (at ? insertBlock(d, at, block) : insertSection(d, d.sections.length, newSection(1, [block]))));
      select(block.id);
      focusBlock(block.id);
    },
    [store, kinds, starting],
  );
}

export const sectionOf = (shares: readonly number[]) => ({
  ...newSection(0),
  columns: shares.map((share) => ({ ...newColumn(), share })),
});

/** Puts parts, clips and new sections in; after the selection where no place is said. */
export function useInsert() {
  const store = useEditorStore();
  return useMemo(() => {
    const sectionIndex = () => {
      const { content, selected } = store.getState();
      const sections = content.design.sections;
      const own = sections.findIndex(
        (s) => s.id === selected || s.columns.some((c) => c.blocks.some((b) => b.id === selected)),
      );
      if (own >= 0) return own + 1;
      const footer = sections.findIndex((s) => s.columns.some((c) => c.blocks.some((b) => b.kind === 'footer')));
      return footer < 0 ? sections.length : footer;
    };
    const put = (clip: Clip, place?: DropPlace) => {
      const { content, selected, edit, select } = store.getState();
      if ('section' in clip) {
        edit((d) => insertSection(d, place && 'sections' in place ? place.sections : sectionIndex(), clip.section));
        select(clip.section.id);
        return;
      }
      const at = place && 'column' in place ? place : defaultPlace(content.design, selected);
      edit((d) =>
        at ? insertBlock(d, at, clip.block) : insertSection(d, d.sections.length, newSection(1, [clip.block])),
      );
      select(clip.block.id);
      focusBlock(clip.block.id);
    };
    return {
      put,
      part: (part: DesignPart, place?: DropPlace) =>
        put(part.is_block ? { block: partBlock(part) } : { section: partSection(part) }, place),
      section: (shares: readonly number[], place?: DropPlace) => put({ section: sectionOf(shares) }, place),
      /** The selection as text on the clipboard; false when nothing is selected. */
      copy: async () => {
        const { content, selected } = store.getState();
        const text = selected === null ? null : writeClip(content.design, selected);
        if (text !== null) await navigator.clipboard.writeText(text);
        return text !== null;
      },
      /** False when what is on the clipboard is no block and no section. */
      paste: (text: string) => {
        const clip = readClip(text);
        if (clip) put(clip);
        return clip !== null;
      },
    };
  }, [store]);
}

/** Gives the focus to the block before or after, across columns and sections. */
function focusNeighbour(from: HTMLElement, by: -1 | 1) {
  const all = [...document.querySelectorAll<HTMLElement>('[data-block]')];
  all[all.indexOf(from) + by]?.focus();
}

export function useBlockActions(id: string) {
  const store = useEditorStore();
  const starting = useStartingOptions();
  return useMemo(
    () => ({
      nudge: (by: -1 | 1) => {
        store.getState().edit((d) => nudgeBlock(d, id, by));
        focusBlock(id);
      },
      duplicate: () => {
        const made = duplicateBlock(store.getState().content.design, id);
        if (!made) return;
        store.getState().edit(() => made.design);
        store.getState().select(made.copy);
        focusBlock(made.copy);
      },
      /** Another block in its place. */
      replaceBy: (kind: string) => {
        const found = findBlock(store.getState().content.design, id);
        if (!found) return;
        const block = newBlock(kind, starting(kind));
        store.getState().edit((d) => insertBlock(removeBlock(d, id), found.place, block));
        store.getState().select(block.id);
        focusBlock(block.id);
      },
      remove: () => {
        const frame = document.getElementById(`block-${id}`);
        if (frame) focusNeighbour(frame, frame === document.querySelector('[data-block]') ? 1 : -1);
        store.getState().edit((d) => removeBlock(d, id));
        if (store.getState().selected === id) store.getState().select(null);
      },
      selectSection: () => {
        const section = findBlock(store.getState().content.design, id)?.section.id;
        if (section === undefined) return;
        store.getState().select(section);
        document.getElementById(`section-${section}`)?.focus();
      },
      focusNext: focusNeighbour,
    }),
    [store, id, starting],
  );
}

export function useSectionActions(id: string) {
  const store = useEditorStore();
  return useMemo(
    () => ({
      nudge: (by: -1 | 1) => store.getState().edit((d) => nudgeSection(d, id, by)),
      duplicate: () => {
        const made = duplicateSection(store.getState().content.design, id);
        if (made) store.getState().edit(() => made.design);
      },
      remove: () => {
        store.getState().edit((d) => removeSection(d, id));
        store.getState().select(null);
      },
      addBelow: () => {
        const section = newSection();
        store.getState().edit((d) => insertSection(d, d.sections.findIndex((s) => s.id === id) + 1, section));
        store.getState().select(section.id);
      },
    }),
    [store, id],
  );
}

export type BlockActions = ReturnType<typeof useBlockActions>;
