import { expect, test } from 'vitest';
import { addNote, dropOrphans, editNote, removeNote } from './notes';
import { removeStep } from './operations';
import { index } from './testing';

const steps = [
  { id: 'a', type: 'email.send' },
  { id: 'b', type: 'wait.for' },
];
const note = { id: 'n', text: '', step: 'a' };

test('a note that was added and removed leaves no trace', () => {
  const document = { triggers: [], steps };
  const noted = editNote(addNote(document, note), 'n', 'Why?');
  expect(noted.notes).toEqual([{ ...note, text: 'Why?' }]);
  expect(removeNote(noted, 'n')).toEqual(document);
});

test('a note goes with its step, and those beside the triggers stay', () => {
  const noted = addNote(addNote({ triggers: [], steps }, note), { id: 'm', text: 'Top' });
  const without = dropOrphans(removeStep(noted, 'a', index.branchesOf), index.branchesOf);
  expect(without.notes).toEqual([{ id: 'm', text: 'Top' }]);
  expect(dropOrphans(noted, index.branchesOf)).toBe(noted);
});
