import { useEffect } from 'react';
import { useInsert } from '../actions';
import { writeClip } from './clipboard';
import { removeBlock, removeSection } from './operations';
import { useEditorStore } from './store';

/** Typing has its own clipboard. */
const isTyping = () => {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
};

/** Ctrl+C, X and V on a block or a section: as text, so that it also goes into another mail, a chat or an editor and back. */
export function useClipboard() {
  const store = useEditorStore();
  const insert = useInsert();
  useEffect(() => {
    const onCopy = (e: ClipboardEvent) => {
      const { content, selected } = store.getState();
      if (isTyping() || selected === null || !(window.getSelection()?.isCollapsed ?? true)) return;
      const text = writeClip(content.design, selected);
      if (text === null) return;
      e.clipboardData?.setData('text/plain', text);
      e.preventDefault();
      if (e.type === 'cut') {
        store.getState().edit((d) => removeSection(removeBlock(d, selected), selected));
        store.getState().select(null);
      }
    };
    const onPaste = (e: ClipboardEvent) => {
      if (!isTyping() && insert.paste(e.clipboardData?.getData('text/plain') ?? '')) e.preventDefault();
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [store, insert]);
}
