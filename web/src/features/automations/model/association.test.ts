import { expect, test } from 'vitest';
import { associationOf } from './association';
import type { AutomationDocument } from './document';

const withTriggers = (triggers: object[], lists: number[] | null = null) =>
  associationOf({ entry: 'any', triggers, steps: [], unsubscribe_lists: lists } as unknown as AutomationDocument);

test('lists of the settings stand above all', () => {
  expect(withTriggers([{ id: 'a', type: 'list.subscribed', list: 5 }], [2])).toEqual({
    chosen: true,
    lists: [2],
    entry: false,
  });
});

test('triggers bring their list along, each once, and any list is the one that fired', () => {
  expect(
    withTriggers([
      { id: 'a', type: 'list.subscribed', list: 5 },
      { id: 'b', type: 'list.unsubscribed', list: 5 },
      { id: 'c', type: 'email.opened' },
    ]),
  ).toEqual({ chosen: false, lists: [5], entry: true });
  expect(withTriggers([{ id: 'a', type: 'list.subscribed' }])).toEqual({ chosen: false, lists: [], entry: true });
  expect(withTriggers([{ id: 'a', type: 'tag.added', tag: 1 }])).toEqual({ chosen: false, lists: [], entry: false });
});
