import { indexCatalogue, type AutomationCatalogue, type StepDescription, type StepShape } from './catalogue';
import type { Step } from './document';

const step = (key: string, shape: StepShape, more: Partial<StepDescription> = {}): StepDescription => ({
  key,
  title: key,
  group: 'Flow',
  description: '',
  shape,
  icon: 'bolt',
  branches: [],
  options: [],
  ...more,
});

const conditions = { key: 'conditions', label: 'Conditions', type: 'condition' };

/** A small catalogue for tests. */
export const catalogue: AutomationCatalogue = {
  triggers: [
    {
      key: 'tag.added',
      title: 'Tag is added',
      group: 'Contacts',
      description: '',
      options: [{ key: 'tag', label: 'Tag', type: 'reference', source: 'tag' }],
    },
  ],
  steps: [
    step('email.send', 'action', {
      title: 'Send an e-mail',
      options: [{ key: 'subject', label: 'Subject', type: 'template' }],
    }),
    step('tag.add', 'action', {
      title: 'Add a tag',
      options: [{ key: 'tag', label: 'Tag', type: 'reference', source: 'tag' }],
    }),
    step('wait.for', 'wait', {
      title: 'Wait for a while',
      options: [{ key: 'duration', label: 'Duration', type: 'duration' }],
    }),
    step('flow.if', 'condition', { title: 'If / else', branches: ['yes', 'no'], options: [conditions] }),
    step('flow.goto', 'goto', { title: 'Go to', options: [{ key: 'step', label: 'Step', type: 'step' }] }),
    step('flow.end', 'end', { title: 'End' }),
    step('goal', 'goal', { title: 'Goal', options: [conditions] }),
  ],
};

export const index = indexCatalogue(catalogue);

/** Numbers that look random and are the same in every run (mulberry32). */
export function randomFrom(seed: number) {
  let a = seed;
  return (below: number) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A document of random shape: branches in branches, lanes that end, empty lanes. */
export function randomSteps(random: (below: number) => number, depth = 4, next = { id: 0 }): Step[] {
  return Array.from({ length: random(5) }, (): Step => {
    const id = `s${next.id++}`;
    const kind = random(10);
    if (kind < 3 && depth > 0)
      return {
        id,
        type: 'flow.if',
        yes: randomSteps(random, depth - 1, next),
        no: randomSteps(random, depth - 1, next),
      };
    if (kind === 3) return { id, type: 'flow.end' };
    if (kind === 4) return { id, type: 'flow.goto', step: 's0' };
    return { id, type: kind % 2 === 0 ? 'email.send' : 'wait.for' };
  });
}
