import { lane, type AutomationDocument, type BranchesOf, type Slot, type Step } from './document';
import type { StepShape } from './catalogue';

/** Pixels at 100 %. */
export const size = {
  card: { width: 248, height: 72 },
  pill: { width: 96, height: 32 },
  add: { width: 132, height: 72 },
  note: { width: 196, height: 92 },
  fold: { width: 176, height: 40 },
  noteGap: 16,
  gapX: 36,
  /** Between a card and the next, with the + in the middle. */
  gap: 64,
  /** Above the first card of a branch: the label, then the +. */
  branchGap: 92,
  labelAt: 28,
  branchSlotAt: 62,
  /** Below the triggers: the line where they meet, then the +. */
  triggerGap: 80,
  triggerMergeAt: 24,
  triggerSlotAt: 50,
  joinGap: 28,
} as const;

export type Point = readonly [x: number, y: number];
export type LaidNode = {
  id: string;
  kind: 'trigger' | 'add_trigger' | 'step' | 'end' | 'note' | 'fold';
  x: number;
  y: number;
  width: number;
  height: number;
};
export type LaidSlot = { slot: Slot; x: number; y: number };
export type LaidLabel = { step: string; branch: string; x: number; y: number };
/** Always downwards. `from` and `to` are the steps it leads from and to; null for the triggers and the end. */
export type LaidLine = {
  points: readonly Point[];
  from: string | null;
  to: string | null;
  branch: string | null;
  faint: boolean;
};
export type Layout = {
  nodes: LaidNode[];
  slots: LaidSlot[];
  labels: LaidLabel[];
  joins: Point[];
  lines: LaidLine[];
};

/** What a list or a step takes up: pixels to the left and right of its axis, and downwards. */
type Extent = { left: number; right: number; height: number; open: boolean };
type StepBlock = Extent & {
  step: Step;
  width: number;
  cardHeight: number;
  lanes: { name: string; block: ListBlock; offset: number }[];
};
type ListBlock = Extent & { items: StepBlock[]; endSlot: boolean; folded: boolean };

type Catalogue = { branchesOf: BranchesOf; shapeOf: (step: Step) => StepShape };
type Context = Catalogue & { folded: ReadonlySet<string>; notes: ReadonlyMap<string, readonly string[]> };

/** A branch by the name under which it is folded. */
export const laneKey = (step: string, branch: string) => `${step}/${branch}`;

function measureList(steps: readonly Step[], context: Context, top: number): ListBlock {
  const items = steps.map((step) => measureStep(step, context));
  const last = items.at(-1);
  const open = last?.open ?? true;
  // Behind branches that all end something can still stand: a goal people jump to.
  const endSlot = open || (last?.lanes.length ?? 0) > 0;
  const half = size.card.width / 2;
  let height = 0;
  items.forEach((item, i) => (height += (i === 0 ? top : size.gap) + item.height));
  if (items.length === 0) height = top;
  else if (endSlot) height += size.gap;
  return {
    items,
    endSlot,
    open,
    height,
    folded: false,
    left: Math.max(half, ...items.map((i) => i.left)),
    right: Math.max(half, ...items.map((i) => i.right)),
  };
}

/** A folded branch is one small card, however much is in it. */
function measureFold(block: ListBlock, top: number): ListBlock {
  const half = size.card.width / 2;
  const height = top + size.fold.height + (block.open ? size.gap / 2 : 0);
  return { items: [], endSlot: false, open: block.open, height, folded: true, left: half, right: half };
}

function measureStep(step: Step, context: Context): StepBlock {
  const shape = context.shapeOf(step);
  const { width, height: cardHeight } = shape === 'end' ? size.pill : size.card;
  const beside = (context.notes.get(step.id)?.length ?? 0) * (size.noteGap + size.note.width);
  const own = { left: size.card.width / 2, right: size.card.width / 2 + beside };
  const branches = context.branchesOf(step);
  if (branches.length === 0)
    return {
      step,
      width,
      cardHeight,
      lanes: [],
      ...own,
      height: cardHeight,
      open: shape !== 'end' && shape !== 'goto',
    };

  const blocks = branches.map((name) => {
    const block = measureList(lane(step, name), context, size.branchGap);
    const folds = block.items.length > 0 && context.folded.has(laneKey(step.id, name));
    return { name, block: folds ? measureFold(block, size.branchGap) : block };
  });
  const offsets: number[] = [];
  let x = 0;
  for (const [i, { block }] of blocks.entries()) {
    const before = blocks[i - 1]?.block;
    x = before === undefined ? 0 : x + before.right + size.gapX + block.left;
    offsets.push(x);
  }
  const middle = x / 2;
  const lanes = blocks.map((b, i) => ({ ...b, offset: (offsets[i] ?? 0) - middle }));
  const open = lanes.some((l) => l.block.open);
  return {
    step,
    width,
    cardHeight,
    lanes,
    open,
    left: Math.max(own.left, ...lanes.map((l) => l.block.left - l.offset)),
    right: Math.max(own.right, ...lanes.map((l) => l.block.right + l.offset)),
    height: cardHeight + Math.max(...lanes.map((l) => l.block.height)) + (open ? size.joinGap : 0),
  };
}

/** Where a list begins: the point its first line comes from. */
type Start = {
  x: number;
  y: number;
  parent: string | null;
  branch: string | null;
  top: number;
  slotAt: number;
  from: string | null;
};

/** Returns the bottom of the list. */
function placeList(block: ListBlock, start: Start, notes: Context['notes'], out: Layout): number {
  const { x, parent, branch } = start;
  let y = start.y;
  if (block.folded) return placeFold(block, start, out);
  let from = start.from;
  let open = true;
  for (const [index, item] of block.items.entries()) {
    const gap = index === 0 ? start.top : size.gap;
    out.slots.push({ slot: { parent, branch, index }, x, y: y + (index === 0 ? start.slotAt : size.gap / 2) });
    out.lines.push({
      points: [
        [x, y],
        [x, y + gap],
      ],
      from,
      to: item.step.id,
      branch: index === 0 ? branch : null,
      faint: !open,
    });
    y = placeStep(item, x, y + gap, notes, out);
    open = item.open;
    from = item.step.id;
  }
  const index = block.items.length;
  const empty = index === 0;
  if (empty || block.endSlot)
    out.slots.push({ slot: { parent, branch, index }, x, y: y + (empty ? start.slotAt : size.gap / 2) });
  const bottom = empty ? start.y + start.top : y + (block.endSlot ? size.gap : 0);
  if (empty || open)
    out.lines.push({
      points: [
        [x, y],
        [x, bottom],
      ],
      from,
      to: null,
      branch: empty ? branch : null,
      faint: false,
    });
  return bottom;
}

/** Returns the bottom of the folded branch. */
function placeFold(block: ListBlock, { x, y, top, parent, branch, from }: Start, out: Layout): number {
  const foot = y + top + size.fold.height;
  const line = { from, to: null, branch, faint: false };
  out.nodes.push({
    id: `fold:${laneKey(parent ?? '', branch ?? '')}`,
    kind: 'fold',
    x: x - size.fold.width / 2,
    y: y + top,
    ...size.fold,
  });
  out.lines.push({
    points: [
      [x, y],
      [x, y + top],
    ],
    ...line,
  });
  if (!block.open) return foot;
  out.lines.push({
    points: [
      [x, foot],
      [x, foot + size.gap / 2],
    ],
    ...line,
  });
  return foot + size.gap / 2;
}

/** Returns the bottom of the step and its branches. */
function placeStep(block: StepBlock, x: number, y: number, notes: Context['notes'], out: Layout): number {
  const { step, width, cardHeight } = block;
  out.nodes.push({ id: step.id, kind: 'step', x: x - width / 2, y, width, height: cardHeight });
  placeNotes(notes.get(step.id) ?? [], x + size.card.width / 2, y, out);
  if (block.lanes.length === 0) return y + cardHeight;
  const foot = y + cardHeight;
  const joinY = y + block.height;
  for (const { name, block: inner, offset } of block.lanes) {
    const laneX = x + offset;
    const corner = foot + size.labelAt;
    out.labels.push({ step: step.id, branch: name, x: laneX, y: corner });
    out.lines.push({
      points: [
        [x, foot],
        [x, corner],
        [laneX, corner],
      ],
      from: step.id,
      to: null,
      branch: name,
      faint: false,
    });
    const rest = { top: size.branchGap - size.labelAt, slotAt: size.branchSlotAt - size.labelAt };
    const bottom = placeList(
      inner,
      { x: laneX, y: corner, parent: step.id, branch: name, from: step.id, ...rest },
      notes,
      out,
    );
    if (inner.open) {
      const last = inner.items.at(-1)?.step.id ?? step.id;
      out.lines.push({
        points: [
          [laneX, bottom],
          [laneX, joinY],
          [x, joinY],
        ],
        from: last,
        to: null,
        branch: inner.items.length === 0 || inner.folded ? name : null,
        faint: false,
      });
    }
  }
  if (block.open) out.joins.push([x, joinY]);
  return joinY;
}

/** In a row to the right of what they belong to. */
function placeNotes(ids: readonly string[], right: number, y: number, out: Layout) {
  ids.forEach((id, i) => {
    const x = right + size.noteGap + i * (size.note.width + size.noteGap);
    out.nodes.push({ id, kind: 'note', x, y, ...size.note });
  });
}

function placeTriggers(document: AutomationDocument, notes: Context['notes'], out: Layout) {
  const { width, height } = size.card;
  const count = document.triggers.length;
  const row = count * width + Math.max(0, count - 1) * size.gapX;
  const merge = height + size.triggerMergeAt;
  document.triggers.forEach((trigger, i) => {
    const x = -row / 2 + i * (width + size.gapX);
    const axis = x + width / 2;
    out.nodes.push({ id: trigger.id, kind: 'trigger', x, y: 0, width, height });
    out.lines.push({
      points: [
        [axis, height],
        [axis, merge],
        [0, merge],
      ],
      from: trigger.id,
      to: null,
      branch: null,
      faint: false,
    });
  });
  const add = count === 0 ? -size.add.width / 2 : row / 2 + size.gapX;
  out.nodes.push({ id: '+trigger', kind: 'add_trigger', x: add, y: 0, ...size.add });
  placeNotes(notes.get('') ?? [], add + size.add.width, 0, out);
  return count === 0 ? height : merge;
}

/** Places every card, + and line of the document around the axis x = 0; the top of the triggers is y = 0. Linear in the number of steps. */
export function layout(
  document: AutomationDocument,
  catalogue: Catalogue,
  folded: ReadonlySet<string> = nothingFolded,
): Layout {
  const out: Layout = { nodes: [], slots: [], labels: [], joins: [], lines: [] };
  const notes = new Map<string, string[]>();
  for (const note of document.notes ?? []) notes.set(note.step ?? '', [...(notes.get(note.step ?? '') ?? []), note.id]);
  const context = { ...catalogue, folded, notes };
  const y = placeTriggers(document, notes, out);
  const rest = size.triggerGap - size.triggerMergeAt;
  const root = measureList(document.steps, context, rest);
  const start = {
    x: 0,
    y,
    parent: null,
    branch: null,
    from: null,
    top: rest,
    slotAt: size.triggerSlotAt - size.triggerMergeAt,
  };
  const bottom = placeList(root, start, notes, out);
  if (root.open) out.nodes.push({ id: '+end', kind: 'end', x: -size.pill.width / 2, y: bottom, ...size.pill });
  return out;
}

const nothingFolded: ReadonlySet<string> = new Set();
const radius = 8;

/** An SVG path through the points with rounded corners. */
export function path(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let d = `M${first[0]} ${first[1]}`;
  rest.forEach((point, i) => {
    const before = points[i] ?? point;
    const after = rest[i + 1];
    if (after === undefined) return (d += `L${point[0]} ${point[1]}`);
    const r = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    const [a, b] = [towards(point, before, r), towards(point, after, r)];
    return (d += `L${a[0]} ${a[1]}Q${point[0]} ${point[1]} ${b[0]} ${b[1]}`);
  });
  return d;
}

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);
function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  return length === 0
    ? from
    : [from[0] + ((to[0] - from[0]) * by) / length, from[1] + ((to[1] - from[1]) * by) / length];
}
