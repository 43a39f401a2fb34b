import { cardText, triggerText } from '../model/cardText';
import type { CatalogueIndex } from '../model/catalogue';
import { walk, type AutomationDocument } from '../model/document';
import { ownOptions } from '../model/diff';
import type { SummaryContext } from '../model/summary';

/** Every text inside, without the markup of a mail. */
function texts(value: unknown, into: string[]) {
  if (typeof value === 'string') into.push(value.includes('<') ? value.replace(/<[^>]*>/g, ' ') : value);
  else if (Array.isArray(value)) value.forEach((v) => texts(v, into));
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((v) => texts(v, into));
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ');

/** Ids of the triggers and steps that hold every word, in the order of the canvas: by card, kind, own texts and notes. */
export function findCards(
  document: AutomationDocument,
  query: string,
  index: CatalogueIndex,
  summary: SummaryContext,
): string[] {
  const words = plain(query).trim().split(' ').filter(Boolean);
  if (words.length === 0) return [];
  const notes = new Map<string, string>();
  for (const note of document.notes ?? [])
    if (note.step) notes.set(note.step, `${notes.get(note.step) ?? ''} ${note.text}`);
  const holds = (parts: readonly string[]) => {
    const text = plain(parts.join(' '));
    return words.every((word) => text.includes(word));
  };
  const triggers = document.triggers.filter((trigger) => {
    const { title, detail } = triggerText(trigger, index, summary);
    const own: string[] = [title, detail, trigger.type];
    texts(trigger, own);
    return holds(own);
  });
  const steps = [...walk(document.steps, index.branchesOf)].filter(({ step }) => {
    const { title, detail } = cardText(step, index, summary);
    const own: string[] = [title, detail, index.step(step.type)?.title ?? '', notes.get(step.id) ?? ''];
    texts(ownOptions(step, index.branchesOf), own);
    return holds(own);
  });
  return [...triggers.map((t) => t.id), ...steps.map(({ step }) => step.id)];
}
