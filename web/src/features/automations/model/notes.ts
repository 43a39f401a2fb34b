import type { AutomationDocument, BranchesOf, Note } from './document';
import { allIds } from './operations';

export const notesOf = (document: AutomationDocument): readonly Note[] => document.notes ?? [];

/** Without notes the member goes too, so that taking back a note changes nothing. */
function withNotes(document: AutomationDocument, notes: readonly Note[]): AutomationDocument {
  const next = { ...document, notes };
  if (notes.length === 0) delete (next as { notes?: unknown }).notes;
  return next;
}

export const addNote = (document: AutomationDocument, note: Note): AutomationDocument =>
  withNotes(document, [...notesOf(document), note]);

export const editNote = (document: AutomationDocument, id: string, text: string): AutomationDocument =>
  withNotes(
    document,
    notesOf(document).map((n) => (n.id === id ? { ...n, text } : n)),
  );

export const removeNote = (document: AutomationDocument, id: string): AutomationDocument =>
  withNotes(
    document,
    notesOf(document).filter((n) => n.id !== id),
  );

/** A note goes with its step. */
export function dropOrphans(document: AutomationDocument, branchesOf: BranchesOf): AutomationDocument {
  const notes = notesOf(document);
  if (notes.every((n) => !n.step)) return document;
  const ids = allIds(document, branchesOf);
  const kept = notes.filter((n) => !n.step || ids.has(n.step));
  return kept.length === notes.length ? document : withNotes(document, kept);
}
