import { Node, type Extensions } from '@tiptap/core';
import { Link } from '@tiptap/extension-link';
import { StarterKit } from '@tiptap/starter-kit';
import { TagNode } from './TagNode';

const OneLine = Node.create({ name: 'doc', topNode: true, content: 'paragraph' });

const link = Link.configure({
  openOnClick: false,
  autolink: false,
  HTMLAttributes: { target: null, rel: null, class: null },
  // Tags may stand for a whole address.
  isAllowedUri: (url, { defaultValidate }) => url.startsWith('%') || defaultValidate(url),
});

/** In the designer history is the editor's own: it covers the whole mail. */
export const extensionsFor = (mode: 'rich' | 'line', titles: ReadonlyMap<string, string>, undo = false): Extensions =>
  mode === 'rich'
    ? [
        StarterKit.configure({
          ...(undo ? {} : { undoRedo: false as const }),
          link: false,
          codeBlock: false,
          code: false,
          heading: { levels: [1, 2, 3] },
          trailingNode: false,
        }),
        link,
        TagNode.configure({ titles }),
      ]
    : [
        StarterKit.configure({
          document: false,
          undoRedo: false,
          link: false,
          bold: false,
          italic: false,
          underline: false,
          strike: false,
          code: false,
          codeBlock: false,
          heading: false,
          blockquote: false,
          bulletList: false,
          orderedList: false,
          listItem: false,
          listKeymap: false,
          horizontalRule: false,
          hardBreak: false,
          trailingNode: false,
        }),
        OneLine,
        TagNode.configure({ titles }),
      ];
