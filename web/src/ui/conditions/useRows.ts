import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { RowCommand } from './RowMenu';
import { isUnfinished, type ConditionNode } from './tree';

/** What the focus goes to after a change: a control of a row by its name or else its first one; -1 for the picker below the rows. */
type Wanted = { row: number; label?: string | null };

const controls = 'input:not([type=hidden]), textarea, button, [tabindex="0"]';

/** The rows of one group: what can be done with them, by key or by menu, and where the focus goes then. */
export function useRows(children: readonly ConditionNode[], set: (children: ConditionNode[]) => void) {
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<Wanted | null>(null);
  useLayoutEffect(() => {
    const to = wanted.current;
    if (to === null || box.current === null) return;
    wanted.current = null;
    const row = box.current.querySelector<HTMLElement>(
      to.row < 0 ? ':scope > [data-picker]' : `:scope > [data-row="${to.row}"]`,
    );
    const all = [...(row?.querySelectorAll<HTMLElement>(controls) ?? [])];
    const same = to.label ? all.find((c) => nameOf(c) === to.label) : undefined;
    (same ?? all[0])?.focus();
  });

  const replace = (index: number, node: ConditionNode) => set(children.map((c, i) => (i === index ? node : c)));
  const move = (index: number, by: number) => {
    const node = children[index];
    const to = index + by;
    if (node === undefined || to < 0 || to >= children.length) return;
    const focused = document.activeElement;
    wanted.current = { row: to, label: focused instanceof HTMLElement ? nameOf(focused) : null };
    set(children.toSpliced(index, 1).toSpliced(to, 0, node));
  };
  const run = (command: RowCommand, index: number) => {
    const node = children[index];
    if (command === 'up') move(index, -1);
    else if (command === 'down') move(index, 1);
    else if (node !== undefined) {
      wanted.current = { row: index + 1 };
      set(children.toSpliced(index + 1, 0, node));
    }
  };
  const add = (node: ConditionNode) => {
    wanted.current = { row: children.length };
    set([...children, node]);
  };
  const remove = (index: number) => {
    wanted.current = { row: children.length > 1 ? Math.min(index, children.length - 2) : -1 };
    set(children.toSpliced(index, 1));
  };
  const commandOf = (event: KeyboardEvent, index: number): (() => void) | null => {
    const mod = event.ctrlKey || event.metaKey;
    const node = children[index];
    if (mod && event.key === 'Enter')
      return () => box.current?.querySelector<HTMLInputElement>(':scope > [data-picker] input')?.focus();
    if (mod && event.key.toLowerCase() === 'd') return () => run('duplicate', index);
    if (event.altKey && event.key === 'ArrowUp') return () => run('up', index);
    if (event.altKey && event.key === 'ArrowDown') return () => run('down', index);
    if (mod && event.key === 'Backspace') return () => remove(index);
    const empty = event.target instanceof HTMLInputElement && !event.target.readOnly && event.target.value === '';
    if (event.key === 'Backspace' && empty && node !== undefined && isUnfinished(node)) return () => remove(index);
    return null;
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const command = commandOf(event, index);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  };
  return [box, { replace, remove, add, run, onKey }] as const;
}

const nameOf = (control: HTMLElement): string | null =>
  control instanceof HTMLInputElement && control.labels?.[0]
    ? control.labels[0].textContent
    : control.getAttribute('aria-label');
