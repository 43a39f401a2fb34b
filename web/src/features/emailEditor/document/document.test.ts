import { describe, expect, test } from 'vitest';
import {
  atPath,
  duplicateBlock,
  duplicateSection,
  findBlock,
  moveBlock,
  nudgeBlock,
  nudgeSection,
  removeBlock,
  setColumnCount,
  updateBlock,
} from './operations';
import { readDesign, writeDesign } from './read';
import { createEditorStore, type MailContent } from './store';
import type { Design } from './types';

const stored = {
  version: 1,
  settings: { background: '#ffffff' },
  sections: [
    {
      padding_top: 8,
      columns: [
        {
          blocks: [
            { kind: 'heading', options: { text: 'A' } },
            { kind: 'text', options: { html: '<p>B</p>' } },
          ],
        },
        { share: 2, blocks: [{ kind: 'button', options: { label: 'C', url: 'https://c.example' }, space_below: 4 }] },
      ],
    },
    { columns: [{ blocks: [{ kind: 'footer', options: {}, hide_on: 'mobile' }] }] },
  ],
};
const kinds = (design: Design) => design.sections.map((s) => s.columns.map((c) => c.blocks.map((b) => b.kind)));
const at = (design: Design, path: string) => atPath(design, path) ?? '';

describe('the document', () => {
  test('what the server left out is filled in, and what is written has no ids and keeps every choice', () => {
    const design = readDesign(stored);
    expect(design.settings.width).toBe(600);
    const written = writeDesign(design);
    expect(JSON.stringify(written)).not.toContain('"id"');
    expect(written.sections[0]).toMatchObject({ padding_top: 8, padding_bottom: 24 });
    expect(written.sections[1]).toMatchObject({ columns: [{ blocks: [{ kind: 'footer', hide_on: 'mobile' }] }] });
    expect(kinds(readDesign(written))).toEqual(kinds(design));
  });

  test('a block moves within its column and to another', () => {
    const design = readDesign(stored);
    const heading = at(design, '/sections/0/columns/0/blocks/0');
    const [left, right] = design.sections[0]?.columns ?? [];
    expect(kinds(moveBlock(design, heading, { column: left?.id ?? '', index: 2 }))[0]).toEqual([
      ['text', 'heading'],
      ['button'],
    ]);
    expect(kinds(moveBlock(design, heading, { column: right?.id ?? '', index: 1 }))[0]).toEqual([
      ['text'],
      ['button', 'heading'],
    ]);
    expect(moveBlock(design, heading, { column: left?.id ?? '', index: 1 })).toBe(design);
  });

  test('nudged past the end of its column a block goes on into the next, and back', () => {
    const design = readDesign(stored);
    const text = at(design, '/sections/0/columns/0/blocks/1');
    const down = nudgeBlock(design, text, 1);
    expect(kinds(down)[0]).toEqual([['heading'], ['text', 'button']]);
    expect(kinds(nudgeBlock(down, text, -1))).toEqual(kinds(design));
    const heading = at(design, '/sections/0/columns/0/blocks/0');
    expect(nudgeBlock(design, heading, -1)).toBe(design);
  });

  test('copies have ids of their own', () => {
    const design = readDesign(stored);
    const heading = at(design, '/sections/0/columns/0/blocks/0');
    const twice = duplicateBlock(design, heading);
    expect(kinds(twice?.design ?? design)[0]?.[0]).toEqual(['heading', 'heading', 'text']);
    expect(twice?.copy).not.toBe(heading);
    const section = duplicateSection(design, design.sections[0]?.id ?? '');
    const ids = section?.design.sections.flatMap((s) => [
      s.id,
      ...s.columns.flatMap((c) => [c.id, ...c.blocks.map((b) => b.id)]),
    ]);
    expect(new Set(ids).size).toBe(ids?.length);
  });

  test('what did not change is shared', () => {
    const design = readDesign(stored);
    const changed = updateBlock(design, at(design, '/sections/0/columns/0/blocks/0'), { space_below: 0 });
    expect(changed.sections[0]).not.toBe(design.sections[0]);
    expect(changed.sections[0]?.columns[1]).toBe(design.sections[0]?.columns[1]);
    expect(changed.sections[1]).toBe(design.sections[1]);
  });

  test('fewer columns keep all blocks, more come empty', () => {
    const section = readDesign(stored).sections[0];
    if (!section) throw new Error('no section');
    expect(setColumnCount(section, 1)[0]?.blocks.map((b) => b.kind)).toEqual(['heading', 'text', 'button']);
    expect(setColumnCount(section, 3).map((c) => c.blocks.length)).toEqual([2, 1, 0]);
  });

  test('sections stay within the mail', () => {
    const design = readDesign(stored);
    const [first, second] = design.sections.map((s) => s.id);
    expect(nudgeSection(design, first ?? '', 1).sections.map((s) => s.id)).toEqual([second, first]);
    expect(nudgeSection(design, first ?? '', -1)).toBe(design);
  });

  test('paths of warnings lead to blocks, sections, or nowhere', () => {
    const design = readDesign(stored);
    expect(findBlock(design, at(design, '/sections/0/columns/1/blocks/0'))?.block.kind).toBe('button');
    expect(atPath(design, '/sections/1')).toBe(design.sections[1]?.id);
    expect(atPath(design, '')).toBeNull();
  });
});

describe('the history', () => {
  const content = (): MailContent => ({
    name: 'Mail',
    subject: '',
    preheader: '',
    from_name: '',
    from_address: '',
    reply_to: '',
    mode: 'design',
    design: readDesign(stored),
    html: '',
    text: '',
  });

  test('typing is one step, a pause begins another, and undo and redo are inverse', () => {
    let clock = 0;
    const store = createEditorStore(content(), () => clock);
    for (const subject of ['H', 'He', 'Hel']) {
      clock += 100;
      store.getState().change({ subject }, 'subject');
    }
    clock += 5000;
    store.getState().change({ subject: 'Hello' }, 'subject');
    store.getState().undo();
    expect(store.getState().content.subject).toBe('Hel');
    store.getState().undo();
    expect(store.getState().content.subject).toBe('');
    store.getState().redo();
    store.getState().redo();
    expect(store.getState().content.subject).toBe('Hello');
  });

  test('a change after undo drops what was undone, and no change is no step', () => {
    const store = createEditorStore(content());
    const id = at(store.getState().content.design, '/sections/0/columns/0/blocks/0');
    store.getState().edit((d) => removeBlock(d, id));
    store.getState().undo();
    expect(findBlock(store.getState().content.design, id)).not.toBeNull();
    store.getState().change({ subject: 'New' });
    expect(store.getState().future).toEqual([]);
    store.getState().change({ subject: 'New' });
    expect(store.getState().past).toHaveLength(1);
  });
});
