import { expect, test } from 'vitest';
import { emptyDocument, type AutomationDocument } from '../model/document';
import { allSlots, insertSteps, moveStep, removeStep } from '../model/operations';
import { index, randomFrom, randomSteps } from '../model/testing';
import { createBuilderStore } from './store';

const meta = { name: 'Welcome', description: '' };
const { branchesOf } = index;
const withSteps = (...ids: string[]): AutomationDocument => ({
  triggers: [],
  steps: ids.map((id) => ({ id, type: 'email.send' })),
});

test.each(Array.from({ length: 30 }, (_, i) => i))('undo and redo are exact inverses (%i)', (seed) => {
  const random = randomFrom(seed);
  const start: AutomationDocument = { triggers: [], steps: [...randomSteps(random), { id: 'z', type: 'email.send' }] };
  const store = createBuilderStore(start, meta);
  const states = [start];
  for (let i = 0; i < 15; i++) {
    const { document, change } = store.getState();
    const slots = allSlots(document, branchesOf);
    const slot = slots[random(slots.length)] ?? { parent: null, branch: null, index: 0 };
    const next = [
      insertSteps(document, slot, [{ id: `new${i}`, type: 'wait.for' }], branchesOf),
      moveStep(document, 'z', slot, branchesOf),
      removeStep(document, `s${random(8)}`, branchesOf, 'yes'),
    ][random(3)];
    change(next ?? document);
    if (store.getState().document !== states.at(-1)) states.push(store.getState().document);
  }
  for (const expected of states.toReversed().slice(1)) {
    store.getState().undo();
    expect(store.getState().document).toBe(expected);
  }
  for (const expected of states.slice(1)) {
    store.getState().redo();
    expect(store.getState().document).toBe(expected);
  }
});

test('typing into one field is one step of the history, a pause or another field begins a new one', () => {
  let now = 0;
  const store = createBuilderStore(emptyDocument, meta, () => now);
  const { change, undo } = store.getState();
  change(withSteps('a'), 'options:1');
  now = 500;
  change(withSteps('b'), 'options:1');
  now = 2000;
  change(withSteps('c'), 'options:1');
  change(withSteps('d'), 'options:2');
  expect(store.getState().past).toHaveLength(3);
  undo();
  expect(store.getState().document.steps[0]?.id).toBe('c');
  undo();
  expect(store.getState().document.steps[0]?.id).toBe('b');
  undo();
  expect(store.getState().document).toBe(emptyDocument);
  undo();
  expect(store.getState().document).toBe(emptyDocument);
});

test('a change after undo forgets what could be redone', () => {
  const store = createBuilderStore(emptyDocument, meta);
  const { change, undo, redo } = store.getState();
  change(withSteps('a'));
  undo();
  change(withSteps('b'));
  redo();
  expect(store.getState().document.steps[0]?.id).toBe('b');
});

test('selecting more adds and takes away', () => {
  const store = createBuilderStore(emptyDocument, meta);
  store.getState().select('a');
  store.getState().select('b', true);
  expect([...store.getState().selection]).toEqual(['a', 'b']);
  store.getState().select('a', true);
  expect([...store.getState().selection]).toEqual(['b']);
});

test('the name and the description are part of the history, typing joined into one step', () => {
  let at = 0;
  const store = createBuilderStore({ triggers: [], steps: [] }, { name: 'A', description: '' }, () => at);
  store.getState().describe({ name: 'Ab' });
  store.getState().describe({ name: 'Abc' });
  at = 5000;
  store.getState().change({ triggers: [{ id: 't', type: 'tag.added' }], steps: [] });
  store.getState().undo();
  expect(store.getState()).toMatchObject({ meta: { name: 'Abc' }, document: { triggers: [] } });
  store.getState().undo();
  expect(store.getState().meta.name).toBe('A');
  store.getState().redo();
  store.getState().redo();
  expect(store.getState()).toMatchObject({ meta: { name: 'Abc' }, document: { triggers: [{ id: 't' }] } });
  // What is the same is no step of the history.
  store.getState().describe({ name: 'Abc' });
  expect(store.getState().past).toHaveLength(2);
});
