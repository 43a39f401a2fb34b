import { expect, test } from 'vitest';
import { layout } from '../model/layout';
import { index } from '../model/testing';
import { touched } from './useRectangle';

test('the rectangle takes every card it touches, drawn in any direction, and no note', () => {
  const steps = [
    { id: 'a', type: 'email.send' },
    { id: 'b', type: 'wait.for' },
    { id: 'c', type: 'email.send' },
  ];
  const { nodes } = layout({ triggers: [], steps, notes: [{ id: 'n', text: '', step: 'b' }] }, index);
  const at = (id: string) => nodes.find((n) => n.id === id) ?? { x: 0, y: 0 };
  const from = { x: at('a').x + 10, y: at('a').y + 10 };
  const to = { x: at('n').x + 10, y: at('b').y + 10 };
  expect(touched(nodes, { from, to })).toEqual(['a', 'b']);
  expect(touched(nodes, { from: to, to: from })).toEqual(['a', 'b']);
  const beside = { x: at('a').x - 60, y: at('a').y };
  expect(touched(nodes, { from: beside, to: { x: beside.x + 20, y: to.y } })).toEqual([]);
});
