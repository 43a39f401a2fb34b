import { Node, nodeInputRule, nodePasteRule } from '@tiptap/core';
import { readToken, tokenAtEnd, tokens } from '@/ui/tokens';

/** A personalization tag as one piece: shown with its title and fallback, written as `%NAME|fallback%`. */
export const TagNode = Node.create<{ titles: ReadonlyMap<string, string> }>({
  name: 'tag',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: true,
  addOptions: () => ({ titles: new Map() }),
  addAttributes: () => ({ token: { default: '' } }),
  parseHTML: () => [
    { tag: 'span[data-token]', getAttrs: (element) => ({ token: element.getAttribute('data-token') ?? '' }) },
  ],
  // `bareTokens` takes the element away again when the HTML is stored.
  renderHTML: ({ node }) => ['span', { 'data-token': String(node.attrs['token']) }, String(node.attrs['token'])],
  renderText: ({ node }) => String(node.attrs['token']),
  addNodeView() {
    return ({ node }) => {
      const { name, fallback } = readToken(String(node.attrs['token']));
      const title = this.options.titles.get(name);
      const dom = document.createElement('span');
      dom.className = 'mail-tag';
      dom.textContent = fallback === '' ? (title ?? name) : `${title ?? name} · ${fallback}`;
      if (title === undefined) dom.dataset['unknown'] = 'true';
      dom.title = String(node.attrs['token']);
      return { dom };
    };
  },
  addInputRules() {
    return [nodeInputRule({ find: tokenAtEnd, type: this.type, getAttributes: (m) => ({ token: m[1] }) })];
  },
  addPasteRules() {
    return [nodePasteRule({ find: tokens(), type: this.type, getAttributes: (m) => ({ token: m[0] }) })];
  },
});
