import type { MailContent } from '../document/store';
import { designOf, htmlOf, readContent } from './content';

type Loose = Record<string, unknown>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The step of this id in the document's tree of lanes. */
export function findStep(document: unknown, id: string): Loose | null {
  if (Array.isArray(document)) {
    for (const item of document) {
      const found = findStep(item, id);
      if (found) return found;
    }
    return null;
  }
  if (!isObject(document)) return null;
  if (document['id'] === id && typeof document['type'] === 'string') return document;
  // The design is a mail's business and holds no steps.
  return findStep(
    Object.entries(document)
      .filter(([key]) => key !== 'design')
      .map(([, value]) => value),
    id,
  );
}

/** The document with one step replaced; everything else is shared. */
export function replaceStep(document: unknown, id: string, step: Loose): unknown {
  if (Array.isArray(document)) return document.map((item) => replaceStep(item, id, step));
  if (!isObject(document)) return document;
  if (document['id'] === id && typeof document['type'] === 'string') return step;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, key === 'design' ? value : replaceStep(value, id, step)]),
  );
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

export function readStep(step: Loose, name: string): MailContent {
  const from = isObject(step['from']) ? step['from'] : {};
  const content = readContent({
    name,
    subject: text(step['subject']),
    preheader: text(step['preheader']),
    from_name: text(from['name']),
    from_address: text(from['address']),
    reply_to: text(step['reply_to']),
    design: step['design'],
    html: text(step['html']),
    text: text(step['text']),
  });
  return { ...content, track_replies: step['track_replies'] === true };
}

/** The step with the mail's settings; those that say nothing are left out, those of others stay. */
export function writeStep(step: Loose, content: MailContent): Loose {
  const { subject, preheader, from_name, from_address, reply_to } = content;
  const from = { ...(from_name ? { name: from_name } : {}), ...(from_address ? { address: from_address } : {}) };
  const mail: Loose = {
    preheader,
    from: Object.keys(from).length > 0 ? from : null,
    reply_to,
    design: designOf(content),
    html: htmlOf(content),
    text: content.text,
    track_replies: content.track_replies ? true : null,
  };
  const own = new Set(['subject', ...Object.keys(mail)]);
  return {
    ...Object.fromEntries(Object.entries(step).filter(([key]) => !own.has(key))),
    subject,
    ...Object.fromEntries(Object.entries(mail).filter(([, value]) => value !== '' && value !== null)),
  };
}

/** Whether two states of a step say the same; the order of their members does not matter. */
export const sameStep = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(ordered)
    : isObject(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, ordered(value[key])]),
        )
      : value;
