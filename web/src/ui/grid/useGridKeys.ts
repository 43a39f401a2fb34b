import { useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { GridSelection } from './types';

type Options = {
  ids: readonly string[];
  selection: GridSelection;
  onSelection: (selection: GridSelection) => void;
  selectable: boolean;
  onOpen: (index: number) => void;
  onPeek: ((index: number) => void) | undefined;
  onMenu: (id: string) => void;
  scrollTo: (index: number) => void;
};

/** Keys and clicks of the grid: one row is active, shift reaches from the row selected last. */
export function useGridKeys({ ids, selection, onSelection, selectable, onOpen, onPeek, onMenu, scrollTo }: Options) {
  const [active, setActive] = useState(-1);
  const anchor = useRef(0);

  const go = (to: number) => {
    const index = Math.max(0, Math.min(ids.length - 1, to));
    setActive(index);
    scrollTo(index);
    return index;
  };
  const toggle = (index: number, extend = false) => {
    const id = ids[index];
    if (!selectable || id === undefined) return;
    const next = new Set(selection);
    if (extend) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      for (const between of ids.slice(from, to + 1)) next.add(between);
    } else {
      if (!next.delete(id)) next.add(id);
      anchor.current = index;
    }
    setActive(index);
    onSelection(next);
  };
  const toggleAll = () => selectable && onSelection(ids.every((id) => selection.has(id)) ? new Set() : new Set(ids));

  const move = (by: number, extend: boolean) => {
    if (extend && active >= 0 && selection.size === 0) anchor.current = active;
    const index = go(active + by);
    if (extend) toggle(index, true);
  };
  const commands: Record<string, (e: KeyboardEvent) => void> = {
    j: () => move(1, false),
    k: () => move(-1, false),
    arrowdown: (e) => move(1, e.shiftKey),
    arrowup: (e) => move(-1, e.shiftKey),
    pagedown: () => move(15, false),
    pageup: () => move(-15, false),
    home: () => go(0),
    end: () => go(ids.length - 1),
    x: (e) => toggle(active, e.shiftKey),
    ' ': (e) => (onPeek && !e.shiftKey ? onPeek(active) : toggle(active, e.shiftKey)),
    enter: () => onOpen(active),
    f10: (e) => e.shiftKey && ids[active] !== undefined && onMenu(ids[active]),
    contextmenu: () => ids[active] !== undefined && onMenu(ids[active]),
    escape: () => selection.size > 0 && onSelection(new Set()),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys in a cell's own control belong to that control.
    if (event.target !== event.currentTarget || event.altKey) return;
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey ? (key === 'a' ? toggleAll : undefined) : commands[key];
    if (command === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    command(event);
  };
  const click = (index: number, event: MouseEvent) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey) toggle(index, event.shiftKey);
    else {
      setActive(index);
      onOpen(index);
    }
  };
  return { active, onKeyDown, toggle, toggleAll, click };
}
