import { useReactFlow } from '@xyflow/react';
import { useCallback, useState, type DragEvent } from 'react';
import { useBuilder } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import { findStep, idsWithin, slotKey, type Slot } from '../model/document';
import type { Layout } from '../model/layout';
import { stepDragType } from './state';
import { isWithin } from '../model/operations';
import type { CanvasNode } from './nodes';
import type { Lift } from './useNodes';

/** How near a + must be to take the card, in pixels of the canvas. */
const reach = 90;
const nobody: ReadonlySet<string> = new Set();

type Drag = { lift: Lift | null; targets: ReadonlySet<string>; nearest: string | null };

/** Dragging cards to another +, and new steps out of the picker. */
export function useDrag(placed: () => Layout, commands: Commands) {
  const { store, index } = useBuilder();
  const { screenToFlowPosition } = useReactFlow();
  const [drag, setDrag] = useState<Drag | null>(null);

  const near = useCallback(
    (event: { clientX: number; clientY: number }, targets: ReadonlySet<string>) => {
      const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      let best: { slot: Slot; distance: number } | null = null;
      for (const { slot, x, y } of placed().slots) {
        const distance = Math.hypot(point.x - x, point.y - y);
        if (distance <= reach && distance < (best?.distance ?? Infinity) && targets.has(slotKey(slot)))
          best = { slot, distance };
      }
      return best?.slot ?? null;
    },
    [placed, screenToFlowPosition],
  );
  const targetsFor = useCallback(
    (id: string | null) => {
      const { document } = store.getState();
      const own = id === null ? undefined : findStep(document, id, index.branchesOf);
      const stays = (slot: Slot) =>
        own !== undefined &&
        own.slot.parent === slot.parent &&
        own.slot.branch === slot.branch &&
        (slot.index === own.slot.index || slot.index === own.slot.index + 1);
      const slots = placed().slots.map((s) => s.slot);
      return new Set(
        slots.filter((s) => id === null || (!stays(s) && !isWithin(document, id, s, index.branchesOf))).map(slotKey),
      );
    },
    [store, index, placed],
  );
  const point = (event: MouseEvent | TouchEvent) =>
    'clientX' in event ? event : (event.changedTouches[0] ?? { clientX: 0, clientY: 0 });

  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent, node: CanvasNode) => {
      if (node.type !== 'step') return;
      const home = placed().nodes.find((n) => n.id === node.id);
      if (home === undefined) return;
      setDrag((before) => {
        const ids = before?.lift?.ids ?? idsWithin(node.data.step, index.branchesOf);
        const targets = before?.targets ?? targetsFor(node.id);
        const slot = near(point(event), targets);
        return {
          lift: { ids, dx: node.position.x - home.x, dy: node.position.y - home.y },
          targets,
          nearest: slot === null ? null : slotKey(slot),
        };
      });
    },
    [placed, index, targetsFor, near],
  );
  const onNodeDragStop = useCallback(
    (event: MouseEvent | TouchEvent, node: CanvasNode) => {
      const slot = near(point(event), targetsFor(node.id));
      setDrag(null);
      if (slot !== null) commands.move(node.id, slot);
    },
    [near, targetsFor, commands],
  );
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(stepDragType)) return;
    event.preventDefault();
    const targets = drag?.targets ?? targetsFor(null);
    const slot = near(event, targets);
    const nearest = slot === null ? null : slotKey(slot);
    if (drag === null || drag.nearest !== nearest) setDrag({ lift: null, targets, nearest });
  };
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(stepDragType);
    const slot = near(event, targetsFor(null));
    setDrag(null);
    if (type !== '' && slot !== null) commands.add(slot, type);
  };
  return {
    lift: drag?.lift ?? null,
    lifted: drag?.lift?.ids ?? nobody,
    targets: drag?.targets ?? null,
    nearest: drag?.nearest ?? null,
    flow: { onNodeDrag, onNodeDragStop },
    area: { onDragOver, onDrop, onDragLeave: (e: DragEvent) => e.currentTarget === e.target && setDrag(null) },
  };
}
