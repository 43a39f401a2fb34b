import { expect, test } from 'vitest';
import type { ConditionCatalogue } from '@/ui/conditions/tree';
import conditionTexts from '@/i18n/en/conditions.json';
import { cardText, stepTitle } from './cardText';
import type { Step } from './document';
import { collectReferences, conditionText, type SummaryContext } from './summary';
import { index } from './testing';

const conditions: ConditionCatalogue = {
  conditions: [
    { key: 'tag', title: 'Tag', group: 'Contact', kind: 'field', ops: ['has'], value: { type: 'many', source: 'tag' } },
    {
      key: 'email.clicked',
      title: 'E-mail link clicked',
      group: 'E-mail',
      kind: 'activity',
      options: [
        { key: 'url', label: 'Link address', type: 'text' },
        { key: 'campaign', label: 'Campaign', type: 'reference', source: 'campaign' },
        { key: 'automation', label: 'Automation', type: 'reference', source: 'automation' },
        { key: 'step', label: 'Step', type: 'step' },
      ],
    },
  ],
};
const at = (key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>((texts, part) => (texts as Record<string, unknown> | undefined)?.[part], conditionTexts);
const steps: Step[] = [
  { id: 'mail_1', type: 'email.send', subject: 'Welcome' },
  { id: 'if_1', type: 'flow.if', conditions: { all: [{ activity: 'email.clicked', step: 'mail_1' }] } },
];
const summary: SummaryContext = {
  t: ((key: string) => at(key) ?? key) as unknown as SummaryContext['t'],
  conditions,
  nameOf: (source, id) => (source === 'campaign' && id === '4' ? 'Spring' : undefined),
  stepName: () => undefined,
  stepTitle: (id) => steps.filter((s) => s.id === id).map((s) => stepTitle(s, index))[0],
};

test('a condition calls a step of its automation by what it does, and its filters by their names', () => {
  expect(conditionText({ activity: 'email.clicked', step: 'mail_1' }, summary)).toBe(
    'E-mail link clicked (step is “Welcome”)',
  );
  expect(
    conditionText({ activity: 'email.clicked', campaign: [4, 5], url: { op: 'contains', value: 'offer' } }, summary),
  ).toBe('E-mail link clicked (link address contains “offer”, campaign is “Spring” or “5”)');
  // Of another automation only its key is known here.
  expect(conditionText({ activity: 'email.clicked', automation: 7, step: 'mail_1' }, summary)).toContain(
    'step is “mail_1”',
  );
});

test('a card says the new name when the step it asks about is renamed', () => {
  const card = () => cardText(steps[1] as Step, index, summary).title;
  expect(card()).toContain('“Welcome”');
  steps[0] = { id: 'mail_1', type: 'email.send', subject: 'Hello' };
  expect(card()).toContain('“Hello”');
});

test('what conditions name is looked up, in filters as well', () => {
  const trees = [
    { any: [{ field: 'tag', op: 'has', value: 7 }, { not: { activity: 'email.clicked', campaign: [4] } }] },
  ];
  expect([...collectReferences([], trees, conditions)]).toEqual([
    ['tag', ['7']],
    ['campaign', ['4']],
  ]);
});
