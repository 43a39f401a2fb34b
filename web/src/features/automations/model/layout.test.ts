import { expect, test } from 'vitest';
import { walk, type AutomationDocument, type Step } from './document';
import { laneKey, layout, path, size, type LaidNode } from './layout';
import { allSlots } from './operations';
import { slotKey } from './document';
import { index, randomFrom, randomSteps } from './testing';

const place = (steps: Step[], triggers: AutomationDocument['triggers'] = []) => layout({ triggers, steps }, index);
const overlaps = (a: LaidNode, b: LaidNode) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const trigger = { id: 't1', type: 'tag.added' };
const lanes = (steps: readonly Step[]) =>
  [...walk(steps, index.branchesOf)].flatMap(({ step }) => index.branchesOf(step).map((b) => laneKey(step.id, b)));
const seeds = Array.from({ length: 120 }, (_, i) => i);

test.each(seeds)('document %i: nothing overlaps, lines go down, every place has its +', (seed) => {
  const random = randomFrom(seed);
  const steps = randomSteps(random);
  const document: AutomationDocument = {
    triggers: Array.from({ length: random(4) }, (_, i) => ({ ...trigger, id: `t${i}` })),
    steps,
  };
  const laid = layout(document, index);
  const clash = laid.nodes.flatMap((a, i) =>
    laid.nodes
      .slice(i + 1)
      .filter((b) => overlaps(a, b))
      .map((b) => `${a.id} ${b.id}`),
  );
  expect(clash).toEqual([]);
  for (const { points } of laid.lines)
    for (const [i, [x, y]] of points.entries()) {
      const [px, py] = points[i - 1] ?? [x, y];
      expect(y).toBeGreaterThanOrEqual(py);
      expect(x === px || y === py).toBe(true);
    }
  expect(laid.nodes.filter((n) => n.kind === 'step')).toHaveLength([...walk(steps, index.branchesOf)].length);
  const keys = laid.slots.map((s) => slotKey(s.slot));
  expect(new Set(keys).size).toBe(keys.length);
  const possible = new Set(allSlots(document, index.branchesOf).map(slotKey));
  expect(keys.filter((k) => !possible.has(k))).toEqual([]);
});

test.each(seeds.slice(0, 40))('document %i: no + and no label lies on a card', (seed) => {
  const laid = place(randomSteps(randomFrom(seed + 1000)), [trigger]);
  const dot = (x: number, y: number, r: number): LaidNode => ({
    id: '',
    kind: 'end',
    x: x - r,
    y: y - r,
    width: 2 * r,
    height: 2 * r,
  });
  for (const s of [...laid.slots.map((x) => dot(x.x, x.y, 12)), ...laid.labels.map((x) => dot(x.x, x.y, 11))])
    expect(laid.nodes.filter((n) => overlaps(n, s)).map((n) => n.id)).toEqual([]);
});

test('lanes meet again below the longer one, and what follows stands under the step', () => {
  const laid = place([
    {
      id: 'if',
      type: 'flow.if',
      yes: [
        { id: 'a', type: 'email.send' },
        { id: 'b', type: 'email.send' },
      ],
      no: [],
    },
    { id: 'after', type: 'email.send' },
  ]);
  const at = (id: string) => laid.nodes.find((n) => n.id === id) ?? { x: NaN, y: NaN };
  expect(at('after').x).toBe(at('if').x);
  expect(at('after').y).toBeGreaterThan(at('b').y + size.card.height);
  expect(laid.joins).toHaveLength(1);
});

test('a lane that ends draws no line to the join', () => {
  const laid = place([{ id: 'if', type: 'flow.if', yes: [{ id: 'stop', type: 'flow.end' }], no: [] }]);
  expect(laid.lines.filter((l) => l.from === 'stop')).toEqual([]);
  expect(laid.joins).toHaveLength(1);
});

test('when all lanes end there is no join and no end, but a + for a goal', () => {
  const end = (id: string) => [{ id, type: 'flow.end' }];
  const laid = place([{ id: 'if', type: 'flow.if', yes: end('x'), no: end('y') }]);
  expect(laid.joins).toEqual([]);
  expect(laid.nodes.some((n) => n.kind === 'end')).toBe(false);
  expect(laid.slots.map((s) => slotKey(s.slot))).toContain('//1');
});

test('five thousand steps in a row do not overflow the stack, and cost one line each', () => {
  const chain = (count: number) => Array.from({ length: count }, (_, i): Step => ({ id: `s${i}`, type: 'email.send' }));
  const laid = place(chain(5000));
  expect(laid.nodes).toHaveLength(5002);
  expect(laid.lines.length).toBeLessThan(5100);
});

test('corners are rounded, and shorter ones less', () => {
  expect(
    path([
      [0, 0],
      [0, 20],
      [30, 20],
    ]),
  ).toBe('M0 0L0 12Q0 20 8 20L30 20');
  expect(
    path([
      [0, 0],
      [0, 4],
      [30, 4],
    ]),
  ).toBe('M0 0L0 2Q0 4 2 4L30 4');
});

test.each(seeds.slice(0, 60))('document %i: nothing overlaps with notes and folded branches either', (seed) => {
  const random = randomFrom(seed + 5000);
  const steps = randomSteps(random);
  const all = [...walk(steps, index.branchesOf)].map((x) => x.step.id);
  const notes = [...all, null, null].filter(() => random(3) === 0).map((step, i) => ({ id: `n${i}`, text: '', step }));
  const folded = new Set(lanes(steps).filter(() => random(3) === 0));
  const laid = layout({ triggers: [trigger], steps, notes }, index, folded);
  const clash = laid.nodes.flatMap((a, i) =>
    laid.nodes
      .slice(i + 1)
      .filter((b) => overlaps(a, b))
      .map((b) => `${a.id} ${b.id}`),
  );
  expect(clash).toEqual([]);
  const shown = new Set(laid.nodes.filter((n) => n.kind === 'step').map((n) => n.id));
  expect(
    laid.nodes.filter((n) => n.kind === 'note' && notes.some((x) => x.id === n.id && x.step && !shown.has(x.step))),
  ).toEqual([]);
});

test('a folded branch is one card, and the way goes on below it', () => {
  const steps = [
    {
      id: 'if',
      type: 'flow.if',
      yes: [
        { id: 'a', type: 'email.send' },
        { id: 'b', type: 'wait.for' },
      ],
      no: [],
    },
    { id: 'after', type: 'email.send' },
  ];
  const open = layout({ triggers: [], steps }, index);
  const folded = layout({ triggers: [], steps }, index, new Set(['if/yes', 'if/no']));
  expect(folded.nodes.map((n) => n.id)).toEqual(expect.arrayContaining(['if', 'fold:if/yes', 'after']));
  expect(folded.nodes.some((n) => n.id === 'a' || n.id === 'fold:if/no')).toBe(false);
  const at = (laid: typeof open) => laid.nodes.find((n) => n.id === 'after')?.y ?? NaN;
  expect(at(folded)).toBeLessThan(at(open));
});
