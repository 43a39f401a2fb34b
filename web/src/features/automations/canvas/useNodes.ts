import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState } from '../builder/context';
import { branchText, cardText } from '../model/cardText';
import { slotKey, walk, type AutomationDocument, type Slot, type Step } from '../model/document';
import type { SummaryContext } from '../model/summary';
import { layout } from '../model/layout';
import type { CanvasNode } from './nodes';

export type Lift = { ids: ReadonlySet<string>; dx: number; dy: number };

const still = { selectable: false, focusable: false, draggable: false, connectable: false, deletable: false } as const;

/** The document as the canvas draws it. Places come from the layout alone; a lifted card is moved by the pointer. */
export function useNodes(document: AutomationDocument, summary: SummaryContext, readOnly: boolean, lift: Lift | null) {
  const { index } = useBuilder();
  const { t } = useTranslation('automations');
  const folded = useBuilderState((s) => s.folded);
  const placed = useMemo(() => layout(document, index, folded), [document, index, folded]);
  const steps = useMemo(
    () => new Map([...walk(document.steps, index.branchesOf)].map((x) => [x.step.id, x.step])),
    [document, index],
  );
  const [keep] = useState(rememberNodes);
  const nodes = useMemo(() => {
    const triggers = new Map(document.triggers.map((x) => [x.id, x]));
    const notes = new Map((document.notes ?? []).map((x) => [x.id, x]));
    const place = (slot: Slot) =>
      placeName(
        slot,
        steps,
        document,
        (step) => cardText(step, index, summary).title,
        (branch) => branchText(branch, t),
        t('start'),
      );
    const cards = placed.nodes.flatMap((n): CanvasNode[] => {
      const base = { id: n.id, position: { x: n.x, y: n.y }, width: n.width, height: n.height, ...still };
      const step = steps.get(n.id);
      if (n.kind === 'step' && step) return [{ ...base, type: 'step', data: { step }, draggable: !readOnly }];
      const trigger = triggers.get(n.id);
      if (n.kind === 'trigger' && trigger) return [{ ...base, type: 'trigger', data: { trigger } }];
      const note = notes.get(n.id);
      if (n.kind === 'note' && note) return [{ ...base, type: 'note', data: { note } }];
      if (n.kind === 'fold') {
        const [owner, branch] = n.id.slice('fold:'.length).split('/');
        const of = steps.get(owner ?? '');
        return of && branch ? [{ ...base, type: 'fold', data: { step: of, branch } }] : [];
      }
      if (n.kind === 'end') return [{ ...base, type: 'end', data: {} }];
      return n.kind === 'add_trigger' && !readOnly ? [{ ...base, type: 'add_trigger', data: {} }] : [];
    });
    if (readOnly) return cards.map(keep);
    const slots = placed.slots.map((s): CanvasNode => ({
      id: `slot:${slotKey(s.slot)}`,
      type: 'slot',
      position: { x: s.x - 12, y: s.y - 12 },
      width: 24,
      height: 24,
      data: { slot: s.slot, name: place(s.slot) },
      ...still,
    }));
    return [...cards, ...slots].map(keep);
  }, [placed, document, steps, readOnly, index, summary, t, keep]);
  const shown = useMemo(() => {
    if (lift === null) return nodes;
    return nodes.map((n) => {
      const own =
        n.type === 'slot'
          ? (n.data.slot.parent ?? '')
          : n.type === 'note'
            ? (n.data.note.step ?? '')
            : n.type === 'fold'
              ? n.data.step.id
              : n.id;
      return lift.ids.has(own)
        ? { ...n, zIndex: 1000, position: { x: n.position.x + lift.dx, y: n.position.y + lift.dy } }
        : n;
    });
  }, [nodes, lift]);
  return { placed, nodes: shown, steps };
}

/** A node that is the same as before stays the same object, so that one key redraws one card and not all of them. */
function rememberNodes() {
  const known = new Map<string, CanvasNode>();
  return (node: CanvasNode): CanvasNode => {
    const before = known.get(node.id);
    const same =
      before?.type === node.type &&
      before.position.x === node.position.x &&
      before.position.y === node.position.y &&
      before.width === node.width &&
      before.height === node.height &&
      before.draggable === node.draggable &&
      sameData(before.data, node.data);
    if (same) return before;
    known.set(node.id, node);
    return node;
  };
}

function sameData(a: CanvasNode['data'], b: CanvasNode['data']): boolean {
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return Object.keys(y).every((key) =>
    key === 'slot' ? slotKey(x['slot'] as Slot) === slotKey(y['slot'] as Slot) : x[key] === y[key],
  );
}

/** "after Send an e-mail" by the step above it. */
function placeName(
  slot: Slot,
  steps: ReadonlyMap<string, Step>,
  document: AutomationDocument,
  title: (step: Step) => string,
  branchName: (branch: string) => string,
  start: string,
) {
  const owner = slot.parent === null ? undefined : steps.get(slot.parent);
  const list = owner === undefined ? document.steps : ((owner[slot.branch ?? ''] as readonly Step[] | undefined) ?? []);
  const before = list[slot.index - 1];
  if (before !== undefined) return title(before);
  return owner === undefined ? start : `${title(owner)} ${branchName(slot.branch ?? '')}`;
}
