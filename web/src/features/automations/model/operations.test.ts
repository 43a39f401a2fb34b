import { expect, test } from 'vitest';
import { clipboardText, readClipboard, renewIds } from './copying';
import { findStep, walk, type AutomationDocument, type Step } from './document';
import {
  allIds,
  allSlots,
  insertSteps,
  moveStep,
  neighbourSlot,
  removeStep,
  slotAfter,
  updateStep,
} from './operations';
import { index, randomFrom, randomSteps } from './testing';

const { branchesOf } = index;
const mail = (id: string): Step => ({ id, type: 'email.send' });
const document: AutomationDocument = {
  triggers: [],
  steps: [mail('a'), { id: 'if', type: 'flow.if', yes: [mail('b'), mail('c')], no: [] }, mail('d')],
};
const order = (d: AutomationDocument) =>
  [...walk(d.steps, branchesOf)].map((x) => `${x.slot.branch ?? ''}${x.step.id}`).join(' ');

test('steps go in anywhere, also into an empty or missing branch', () => {
  expect(order(insertSteps(document, { parent: null, branch: null, index: 1 }, [mail('x')], branchesOf))).toBe(
    'a x if yesb yesc d',
  );
  expect(order(insertSteps(document, { parent: 'if', branch: 'no', index: 0 }, [mail('x')], branchesOf))).toBe(
    'a if yesb yesc nox d',
  );
  const bare: AutomationDocument = { triggers: [], steps: [{ id: 'if', type: 'flow.if' }] };
  expect(order(insertSteps(bare, { parent: 'if', branch: 'yes', index: 0 }, [mail('x')], branchesOf))).toBe('if yesx');
});

test('what a change does not touch stays the same object', () => {
  const changed = updateStep(document, 'c', branchesOf, (s) => ({ ...s, subject: 'x' }));
  expect(changed.steps[0]).toBe(document.steps[0]);
  expect(changed.steps[2]).toBe(document.steps[2]);
  expect(changed.steps[1]).not.toBe(document.steps[1]);
  expect(updateStep(document, 'gone', branchesOf, (s) => ({ ...s }))).toBe(document);
});

test('deleting a branching step keeps one lane in its place, or none', () => {
  expect(order(removeStep(document, 'if', branchesOf, 'yes'))).toBe('a b c d');
  expect(order(removeStep(document, 'if', branchesOf))).toBe('a d');
  expect(order(removeStep(document, 'b', branchesOf))).toBe('a if yesc d');
});

test('moving takes the lanes along, and never goes into itself', () => {
  expect(order(moveStep(document, 'if', { parent: null, branch: null, index: 0 }, branchesOf))).toBe(
    'if yesb yesc a d',
  );
  expect(order(moveStep(document, 'a', { parent: null, branch: null, index: 3 }, branchesOf))).toBe('if yesb yesc d a');
  expect(order(moveStep(document, 'b', { parent: 'if', branch: 'yes', index: 2 }, branchesOf))).toBe(
    'a if yesc yesb d',
  );
  expect(moveStep(document, 'if', { parent: 'if', branch: 'no', index: 0 }, branchesOf)).toBe(document);
  expect(moveStep(document, 'b', { parent: 'if', branch: 'yes', index: 1 }, branchesOf)).toBe(document);
});

test.each(Array.from({ length: 60 }, (_, i) => i))('random moves (%i) lose no step and double none', (seed) => {
  const random = randomFrom(seed);
  let d: AutomationDocument = { triggers: [], steps: [...randomSteps(random), mail('z')] };
  const before = [...walk(d.steps, branchesOf)].map((x) => x.step.id).toSorted();
  for (let i = 0; i < 20; i++) {
    const slots = allSlots(d, branchesOf);
    const slot = slots[random(slots.length)];
    const id = before[random(before.length)];
    if (slot && id) d = moveStep(d, id, slot, branchesOf);
  }
  expect([...walk(d.steps, branchesOf)].map((x) => x.step.id).toSorted()).toEqual(before);
});

test('a step walks by keys through every place and back', () => {
  let d = document;
  const seen = [order(d)];
  for (let slot = neighbourSlot(d, 'a', 1, branchesOf); slot; slot = neighbourSlot(d, 'a', 1, branchesOf)) {
    d = moveStep(d, 'a', slot, branchesOf);
    seen.push(order(d));
  }
  expect(seen).toEqual([
    'a if yesb yesc d',
    'if yesa yesb yesc d',
    'if yesb yesa yesc d',
    'if yesb yesc yesa d',
    'if yesb yesc noa d',
    'if yesb yesc a d',
    'if yesb yesc d a',
  ]);
  for (const expected of seen.toReversed().slice(1)) {
    const slot = neighbourSlot(d, 'a', -1, branchesOf);
    if (slot) d = moveStep(d, 'a', slot, branchesOf);
    expect(order(d)).toBe(expected);
  }
});

test('a copy has new ids; references among its steps follow, those to others stay', () => {
  const opened = (step: string) => ({
    all: [{ activity: 'email.opened', step }, { not: { any: [{ activity: 'email.clicked', step: 'a' }] } }],
  });
  const copied: Step[] = [
    mail('b'),
    {
      id: 'q',
      type: 'flow.if',
      conditions: opened('b'),
      yes: [{ id: 'g', type: 'flow.goto', step: 'b' }],
      no: [{ id: 'h', type: 'flow.goto', step: 'a' }],
    },
  ];
  const taken = allIds(document, branchesOf);
  const [first, second] = renewIds(copied, taken, index);
  const d: AutomationDocument = { triggers: [], steps: [first ?? mail(''), second ?? mail('')] };
  const ids = [...walk(d.steps, branchesOf)].map((x) => x.step.id);
  expect(new Set(ids).size).toBe(4);
  expect(ids.some((id) => taken.has(id) || ['q', 'g', 'h'].includes(id))).toBe(false);
  expect(second?.['conditions']).toEqual(opened(first?.id ?? ''));
  expect((second?.['yes'] as Step[])[0]?.['step']).toBe(first?.id);
  expect((second?.['no'] as Step[])[0]?.['step']).toBe('a');
});

test('the clipboard takes documents, lists and single steps, and nothing else', () => {
  const read = (text: string) => readClipboard(text)?.steps;
  expect(readClipboard(clipboardText(document.steps))).toEqual({ account: null, steps: document.steps });
  expect(readClipboard(clipboardText(document.steps, 7))?.account).toBe(7);
  expect(read('[{"type":"wait.for","duration":"P1D"}]')).toEqual([{ type: 'wait.for', duration: 'P1D' }]);
  expect(read('{"type":"flow.if","yes":[{"type":"tag.add"}]}')).toHaveLength(1);
  for (const text of ['hello', '{}', '[]', '[1]', '[{"type":"a"},3]', 'null', '"x"', '{"steps":[]}', '{"steps":"x"}'])
    expect(read(text)).toBeUndefined();
  expect(read(`{"steps":[{"type":"a","html":"${'x'.repeat(5_000_000)}"}]}`)).toBeUndefined();
});

test('the place after a step, and the end without one', () => {
  expect(slotAfter(document, 'b', branchesOf)).toEqual({ parent: 'if', branch: 'yes', index: 1 });
  expect(slotAfter(document, null, branchesOf)).toEqual({ parent: null, branch: null, index: 3 });
  expect(findStep(document, 'gone', branchesOf)).toBeUndefined();
});
