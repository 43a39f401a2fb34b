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
import { newBlock, newSection } from './document/read';
import { useEditorStore } from './document/store';
import type { Design, Place } from './document/types';
import { useStartingOptions } from './startingOptions';

/** What can be dragged: a block of the mail, or a new one of a kind. */
export type DragItem = { label: string; block?: string; kind?: string };

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

/** Gives the focus to the block before or after, across columns and sections. */
function focusNeighbour(from: HTMLElement, by: -1 | 1) {
  const all = [...document.querySelectorAll<HTMLElement>('[data-block]')];
  all[all.indexOf(from) + by]?.focus();
}

export function useBlockActions(id: string) {
  const store = useEditorStore();
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
    [store, id],
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
