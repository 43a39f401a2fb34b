import { html } from '@codemirror/lang-html';
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { getNonce } from 'get-nonce';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './designer.module.css';
import { useEditor, useEditorStore } from './document/store';

/** HTML of one's own, with colours and line numbers; history is the editor's own. */
export default function CodeMirrorHtml() {
  const { t } = useTranslation('emailEditor');
  const store = useEditorStore();
  const source = useEditor((s) => s.content.html);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const label = t('html.label');
  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: store.getState().content.html,
        extensions: [
          lineNumbers(),
          html(),
          syntaxHighlighting(defaultHighlightStyle),
          EditorView.lineWrapping,
          EditorView.cspNonce.of(getNonce() ?? ''),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) store.getState().change({ html: update.state.doc.toString() }, 'html');
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [store, label]);
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== source)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: source } });
  }, [source]);
  return <div ref={place} className={classes.code} />;
}
