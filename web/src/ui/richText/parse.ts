import type { JSONContent } from '@tiptap/core';
import { DOMParser as SchemaParser, type Schema } from '@tiptap/pm/model';
import { splitTokens } from '@/ui/tokens';

type Policy = { createHTML: (html: string) => string };
type Types = { createPolicy: (name: string, rules: Policy) => Policy };

/** Texts of mails become a document that is never shown: the editor's schema takes from it what it knows, and nothing else. */
const policy: Policy = (window as { trustedTypes?: Types }).trustedTypes?.createPolicy('blocks', {
  createHTML: (html) => html,
}) ?? { createHTML: (html) => html };

/** The words of a rich text, its markup taken out and its character references read. */
export const wordsOf = (html: string): string =>
  (
    new DOMParser().parseFromString(policy.createHTML(html.replace(/<[^>]*>/g, ' ')), 'text/html').body.textContent ??
    ''
  )
    .replace(/\s+/g, ' ')
    .trim();

export function parseRich(html: string, schema: Schema): JSONContent {
  const { body } = new DOMParser().parseFromString(policy.createHTML(html), 'text/html');
  markTokens(body);
  return SchemaParser.fromSchema(schema).parse(body).toJSON() as JSONContent;
}

function markTokens(body: HTMLElement) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const parts = splitTokens(text.data);
    if (parts.some((p) => p.isToken))
      text.replaceWith(...parts.map((p) => (p.isToken ? marked(p.text, body) : p.text)));
  }
}

function marked(token: string, body: HTMLElement) {
  const span = body.ownerDocument.createElement('span');
  span.dataset['token'] = token;
  return span;
}

/** One line of text with tags. */
export const parsePlain = (text: string): JSONContent => ({
  type: 'doc',
  content: [
    {
      type: 'paragraph',
      content: splitTokens(text).map((p) =>
        p.isToken ? { type: 'tag', attrs: { token: p.text } } : { type: 'text', text: p.text },
      ),
    },
  ],
});
