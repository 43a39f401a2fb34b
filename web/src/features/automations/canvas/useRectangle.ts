import { useReactFlow } from '@xyflow/react';
import { useState, type PointerEvent } from 'react';
import { useBuilder } from '../builder/context';
import type { LaidNode, Layout } from '../model/layout';

type Corner = { x: number; y: number };
type Rectangle = { from: Corner; to: Corner };

/** Steps and triggers that the rectangle touches, in the order of the layout. */
export function touched(nodes: readonly LaidNode[], { from, to }: Rectangle): string[] {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  return nodes
    .filter((n) => n.kind === 'step' || n.kind === 'trigger')
    .filter((n) => n.x < right && n.x + n.width > left && n.y < bottom && n.y + n.height > top)
    .map((n) => n.id);
}

/** Shift and drag over the empty canvas chooses what the rectangle touches. */
export function useRectangle(placed: Layout, readOnly: boolean) {
  const { store } = useBuilder();
  const { screenToFlowPosition } = useReactFlow();
  const [drawn, setDrawn] = useState<(Rectangle & { pane: DOMRect }) | null>(null);
  const at = (event: PointerEvent): Corner => ({ x: event.clientX, y: event.clientY });

  const onPointerDownCapture = (event: PointerEvent<HTMLElement>) => {
    const onPane = event.target instanceof Element && event.target.classList.contains('react-flow__pane');
    if (readOnly || !event.shiftKey || event.button !== 0 || !onPane) return;
    // The pane would pan, and the browser select text.
    event.stopPropagation();
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrawn({ from: at(event), to: at(event), pane: event.currentTarget.getBoundingClientRect() });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drawn === null) return;
    setDrawn({ ...drawn, to: at(event) });
    const ids = touched(placed.nodes, {
      from: screenToFlowPosition(drawn.from),
      to: screenToFlowPosition(at(event)),
    });
    store.getState().selectAll(ids);
  };
  const stop = () => setDrawn(null);
  const box = drawn && {
    left: Math.min(drawn.from.x, drawn.to.x) - drawn.pane.x,
    top: Math.min(drawn.from.y, drawn.to.y) - drawn.pane.y,
    width: Math.abs(drawn.to.x - drawn.from.x),
    height: Math.abs(drawn.to.y - drawn.from.y),
  };
  return { box, area: { onPointerDownCapture, onPointerMove, onPointerUp: stop, onPointerCancel: stop } };
}
