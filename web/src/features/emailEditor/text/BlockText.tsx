import { getSchema, type Editor } from '@tiptap/core';
import { EditorContent, useEditor } from '@tiptap/react';
import { useEffect, useMemo, useRef, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../catalogue';
import { extensionsFor } from '@/ui/richText/extensions';
import { parsePlain, parseRich } from '@/ui/richText/parse';
import { bareTokens } from '@/ui/tokens';

type Props = {
  value: string;
  mode: 'rich' | 'line';
  label: string;
  style: CSSProperties;
  onChange: (value: string) => void;
  /** The editor while it has the focus, for the toolbar. */
  onEditor: (editor: Editor) => void;
};

/** Text edited where it stands in the mail. */
export function BlockText({ value, mode, label, style, onChange, onEditor }: Props) {
  const { t } = useTranslation('emailEditor');
  const { titles } = useCatalogue();
  const extensions = useMemo(() => extensionsFor(mode, titles), [mode, titles]);
  const schema = useMemo(() => getSchema(extensions), [extensions]);
  const written = useRef(value);
  const latest = useRef({ onChange, onEditor });
  useEffect(() => {
    latest.current = { onChange, onEditor };
  });
  const parse = (text: string) => (mode === 'rich' ? parseRich(text, schema) : parsePlain(text));
  const editor = useEditor(
    {
      extensions,
      injectCSS: false,
      content: parse(value),
      editorProps: {
        attributes: {
          role: 'textbox',
          'aria-label': label,
          'aria-multiline': String(mode === 'rich'),
          'data-empty-text': t('canvas.type_here'),
        },
      },
      onUpdate: ({ editor: e }) => {
        written.current = mode === 'rich' ? (e.isEmpty ? '' : bareTokens(e.getHTML())) : e.getText();
        latest.current.onChange(written.current);
      },
      onFocus: ({ editor: e }) => latest.current.onEditor(e),
    },
    [extensions],
  );
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    editor.commands.setContent(mode === 'rich' ? parseRich(value, schema) : parsePlain(value), { emitUpdate: false });
  }, [value, editor, mode, schema]);
  return <EditorContent editor={editor} style={style} className="mail-text" />;
}
