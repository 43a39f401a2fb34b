import { expect, test } from 'vitest';
import { newBlock, newSection } from '../document/read';
import { messageInput, toInput } from './content';
import { findStep, readStep, replaceStep, writeStep } from './step';

const document = {
  triggers: [{ id: 't1', type: 'list.subscribed' }],
  steps: [
    { id: 'a', type: 'wait.for', duration: 'P1D' },
    {
      id: 'b',
      type: 'flow.if',
      yes: [
        {
          id: 'c',
          type: 'email.send',
          subject: 'Hello',
          track_opens: false,
          from: { name: 'Ann', address: 'ann@acme.example' },
          design: { version: 1, settings: { preheader: 'Inside' }, sections: [{ columns: [{ blocks: [] }] }] },
        },
      ],
      no: [],
    },
  ],
};

test('a step is found in its lane, read, changed and put back, and nothing else moves', () => {
  const step = findStep(document, 'c');
  const content = readStep(step ?? {}, 'Welcome');
  expect(content).toMatchObject({
    subject: 'Hello',
    from_name: 'Ann',
    from_address: 'ann@acme.example',
    preheader: 'Inside',
    mode: 'design',
  });
  const written = writeStep(step ?? {}, { ...content, subject: 'Hi', from_name: '', from_address: '' });
  expect(written).toMatchObject({
    id: 'c',
    type: 'email.send',
    subject: 'Hi',
    track_opens: false,
    preheader: 'Inside',
  });
  expect(written).not.toHaveProperty('from');
  expect(written).not.toHaveProperty('html');
  const saved = replaceStep(document, 'c', written) as typeof document;
  expect(findStep(saved, 'c')).toEqual(written);
  expect(saved.steps[0]).toEqual(document.steps[0]);
  expect(saved.triggers).toEqual(document.triggers);
});

test('a step that is gone is not found, and a design never counts as one', () => {
  expect(findStep(document, 'zzz')).toBeNull();
  expect(findStep({ steps: [{ id: 'x', type: 'email.send', design: { id: 'y', type: 'trap' } }] }, 'y')).toBeNull();
});

test('HTML of one’s own is sent in place of the design', () => {
  const content = readStep({ subject: 'S', html: '<p>Hi</p>' }, 'Mail');
  expect(content.mode).toBe('html');
  expect(toInput(content)).toMatchObject({ html: '<p>Hi</p>', design: null });
  const design = { ...content.design, sections: [newSection(1, [newBlock('divider')])] };
  expect(toInput({ ...content, mode: 'design', design })).toMatchObject({ html: '', design: { version: 1 } });
});

test('whether answers are tracked is kept when a mail or a step is saved, and can be changed', () => {
  const content = readStep({ subject: 'S', html: '<p>Hi</p>' }, 'Mail');
  expect(content.track_replies).toBe(false);
  expect(writeStep({ id: 'c' }, content)).not.toHaveProperty('track_replies');
  const tracked = readStep(writeStep({ id: 'c' }, { ...content, track_replies: true }), 'Mail');
  expect(tracked.track_replies).toBe(true);
  const message = { kind: 'marketing', track_opens: true, track_clicks: false, track_replies: true } as const;
  const unsaid = { ...content };
  delete unsaid.track_replies;
  expect(messageInput(unsaid, message)).toMatchObject(message);
  expect(messageInput({ ...content, track_replies: false }, message)).toMatchObject({ track_replies: false });
});

test('turning to the other way of making a mail takes nothing from it before there is something there', () => {
  const html = readStep({ subject: 'S', html: '<p>Hi</p>' }, 'Mail');
  expect(toInput({ ...html, mode: 'design' })).toMatchObject({ html: '<p>Hi</p>', design: null });
  const design = { ...html.design, sections: [newSection(1, [newBlock('divider')])] };
  const blocks = { ...html, mode: 'design' as const, html: '', design };
  expect(toInput({ ...blocks, mode: 'html' })).toMatchObject({ html: '', design: { version: 1 } });
  expect(toInput({ ...blocks, mode: 'html', html: ' \n' })).toMatchObject({ html: '', design: { version: 1 } });
  expect(toInput({ ...blocks, mode: 'html', html: '<p>Mine</p>' })).toMatchObject({
    html: '<p>Mine</p>',
    design: null,
  });
});
