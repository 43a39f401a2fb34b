import { expect, test } from 'vitest';
import { readClip, writeClip } from './clipboard';
import { moveSection } from './operations';
import { newBlock, newSection, plainSettings } from './read';
import type { Design } from './types';

const design = (): Design => ({
  version: 1,
  settings: plainSettings,
  sections: [
    { ...newSection(1, [newBlock('heading', { text: 'One' })]), name: 'a' },
    { ...newSection(2, [newBlock('text', { html: '<p>Two</p>' })]), name: 'b' },
    { ...newSection(1), name: 'c' },
  ],
});

test('a block and a section travel as text, with new ids', () => {
  const mail = design();
  const block = mail.sections[0]?.columns[0]?.blocks[0];
  const clip = readClip(writeClip(mail, block?.id ?? '') ?? '');
  expect(clip).toMatchObject({ block: { kind: 'heading', options: { text: 'One' } } });
  expect(clip && 'block' in clip && clip.block.id).not.toBe(block?.id);
  const section = readClip(writeClip(mail, mail.sections[1]?.id ?? '') ?? '');
  expect(section).toMatchObject({ section: { name: 'b', columns: [{ blocks: [{ kind: 'text' }] }, { blocks: [] }] } });
  expect(writeClip(mail, 'gone')).toBeNull();
});

test('other text is no clip, and broken clips are none either', () => {
  for (const text of ['', 'hello', '{"type":"millrace-mail"}', '{"type":"millrace-mail","block":{}}', '{millrace-mail'])
    expect(readClip(text)).toBeNull();
  expect(readClip('{"type":"millrace-mail","section":{"columns":[{},{},{},{},{}]}}')).toBeNull();
});

test('a section is put before the one at an index, counted with itself still in its place', () => {
  const mail = design();
  const names = (d: Design) => d.sections.map((s) => s.name).join('');
  const [a, b, c] = mail.sections.map((s) => s.id);
  expect(names(moveSection(mail, a ?? '', 3))).toBe('bca');
  expect(names(moveSection(mail, c ?? '', 0))).toBe('cab');
  expect(names(moveSection(mail, b ?? '', 0))).toBe('bac');
  expect(moveSection(mail, b ?? '', 1)).toBe(mail);
  expect(moveSection(mail, b ?? '', 2)).toBe(mail);
});
