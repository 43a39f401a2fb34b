import { expect, test } from 'vitest';
import type { AutomationDocument } from '../model/document';
import type { SummaryContext } from '../model/summary';
import { index } from '../model/testing';
import { findCards } from './findCards';

const summary: SummaryContext = {
  t: ((key: string) => key) as unknown as SummaryContext['t'],
  conditions: { conditions: [] },
  nameOf: (source, id) => (source === 'tag' && id === '7' ? 'Very Important' : undefined),
  stepName: () => undefined,
  stepTitle: () => undefined,
};
const document: AutomationDocument = {
  triggers: [{ id: 't', type: 'tag.added', tag: 7 }],
  steps: [
    { id: 'mail', type: 'email.send', subject: 'Welcome', html: '<p class="offer">A <b>spring</b> sale</p>' },
    { id: 'if', type: 'flow.if', yes: [{ id: 'tag', type: 'tag.add', tag: 7 }], no: [{ id: 'end', type: 'flow.end' }] },
  ],
  notes: [{ id: 'n', text: 'Ann wants this shorter', step: 'mail' }],
};
const find = (query: string) => findCards(document, query, index, summary);

test('cards are found by kind, by the names of what they refer to, by the text of mails and by notes, in the order of the canvas', () => {
  expect(find('very important')).toEqual(['t', 'tag']);
  expect(find('e-mail')).toEqual(['mail']);
  expect(find('SPRING sale')).toEqual(['mail']);
  expect(find('shorter')).toEqual(['mail']);
  expect(find('tag')).toEqual(['t', 'tag']);
});

test('every word must be there, markup and steps in branches do not count, and nothing finds nothing', () => {
  expect(find('spring winter')).toEqual([]);
  expect(find('offer')).toEqual([]);
  expect(find('if')).toEqual(['if']);
  expect(find('  ')).toEqual([]);
});
