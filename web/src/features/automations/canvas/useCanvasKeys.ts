import { useReactFlow } from '@xyflow/react';
import { useCallback, type KeyboardEvent } from 'react';
import { useBuilder } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import type { LaidNode, Layout } from '../model/layout';
import { slotAfter } from '../model/operations';
import { neighbour } from './canvasNeighbour';

const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

type Options = { placed: Layout; commands: Commands; readOnly: boolean; onFind: () => void; onNote: () => void };

/** Keys of the canvas while it has the focus. Keys of the whole page (undo, copy) are page actions. */
export function useCanvasKeys({ placed, commands, readOnly, onFind, onNote }: Options) {
  const { store, index } = useBuilder();
  const flow = useReactFlow();

  const go = useCallback(
    (node: LaidNode, more: boolean) => {
      store.getState().select(node.id, more);
      const { x, y, zoom } = flow.getViewport();
      const box = document.querySelector('[data-canvas]')?.getBoundingClientRect();
      if (box === undefined) return;
      const [left, top] = [node.x * zoom + x, node.y * zoom + y];
      const inside =
        left >= 8 &&
        top >= 8 &&
        left + node.width * zoom <= box.width - 8 &&
        top + node.height * zoom <= box.height - 8;
      if (!inside) void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, { zoom, duration: 150 });
    },
    [store, flow],
  );

  return (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const { focus, panel, show, document } = store.getState();
    const cards = placed.nodes.filter((n) => n.kind === 'step' || n.kind === 'trigger');
    const current = cards.find((n) => n.id === focus) ?? cards[0];
    const arrow = arrows[event.key];
    const mod = event.ctrlKey || event.metaKey;
    const run = (command: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      command();
    };
    if (arrow && event.altKey && current && !readOnly)
      return run(() => commands.nudge(current.id, arrow[0] + arrow[1] > 0 ? 1 : -1));
    if (arrow && current && !mod) {
      const next = focus === null ? current : neighbour(cards, current, arrow);
      return run(() => next && go(next, event.shiftKey));
    }
    if (mod && event.key === 'a' && !event.altKey)
      return run(() => store.getState().selectAll(cards.filter((n) => n.kind === 'step').map((n) => n.id)));
    if (mod || event.altKey) return;
    const zoom: Record<string, () => void> = {
      '+': () => void flow.zoomIn({ duration: 120 }),
      '=': () => void flow.zoomIn({ duration: 120 }),
      '-': () => void flow.zoomOut({ duration: 120 }),
      '0': () => void flow.zoomTo(1, { duration: 120 }),
      '1': () => void flow.fitView({ duration: 150, padding: 0.1 }),
      f: onFind,
      Escape: () => (panel.kind === 'none' ? store.getState().select(null) : show({ kind: 'none' })),
    };
    const command = zoom[event.key];
    if (command) return run(command);
    if (readOnly) return;
    if (event.key === 'n') return run(onNote);
    if (focus === null) return;
    if (event.key === 'Delete' || event.key === 'Backspace') return run(commands.removeChosen);
    const isStep = cards.some((n) => n.id === focus && n.kind === 'step');
    if (
      event.key === 'Tab' &&
      !event.shiftKey &&
      event.target instanceof HTMLElement &&
      event.target.dataset['card'] === focus &&
      store.getState().selection.has(focus)
    )
      return run(() =>
        show({
          kind: 'picker',
          slot: isStep ? slotAfter(document, focus, index.branchesOf) : { parent: null, branch: null, index: 0 },
        }),
      );
  };
}
