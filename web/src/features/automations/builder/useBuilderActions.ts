import { toastProblem } from '@/ui/toasts';
import { usePageActions } from '@/ui/pageActions';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconFold,
  IconFoldDown,
  IconList,
  IconPlus,
  IconRocket,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { slotAfter } from '../model/operations';
import { useBuilder, useBuilderState } from './context';
import type { Commands } from './useCommands';

type Options = {
  commands: Commands;
  onSave: () => void;
  onPublish: () => void;
  onView: (view: string) => void;
  view: string;
};

/** Keys and palette entries of the builder; copy, cut and paste are the clipboard's own events, so that text fields keep theirs. */
export function useBuilderActions({ commands, onSave, onPublish, onView, view }: Options) {
  const { t } = useTranslation('automations');
  const { store, index } = useBuilder();
  const canUndo = useBuilderState((s) => s.past.length > 0);
  const canRedo = useBuilderState((s) => s.future.length > 0);
  const typing = () => isTyping(document.activeElement);
  const nothing = t('actions.nothing');
  usePageActions([
    {
      id: 'automation.undo',
      label: t('actions.undo'),
      icon: IconArrowBackUp,
      keys: 'mod+z',
      run: () => store.getState().undo(),
      ...(canUndo ? {} : { disabledReason: nothing }),
    },
    {
      id: 'automation.redo',
      label: t('actions.redo'),
      icon: IconArrowForwardUp,
      keys: 'mod+shift+z',
      run: () => store.getState().redo(),
      ...(canRedo ? {} : { disabledReason: nothing }),
    },
    { id: 'automation.save', label: t('actions.save'), keys: 'mod+s', hidden: true, run: onSave },
    { id: 'automation.publish', label: t('publish.button'), icon: IconRocket, run: onPublish },
    {
      id: 'automation.add',
      label: t('add_step'),
      icon: IconPlus,
      keys: 'a',
      run: () => {
        const { document: d, focus, show } = store.getState();
        show({ kind: 'picker', slot: slotAfter(d, focus, index.branchesOf) });
      },
    },
    {
      id: 'automation.duplicate',
      label: t('actions.duplicate'),
      icon: IconCopy,
      keys: 'mod+d',
      run: () => !typing() && commands.duplicate(),
    },
    { id: 'automation.fold', label: t('fold.fold_all'), icon: IconFold, run: commands.foldAll },
    { id: 'automation.unfold', label: t('fold.unfold_all'), icon: IconFoldDown, run: commands.unfoldAll },
    {
      id: 'automation.view',
      label: view === 'outline' ? t('view.canvas') : t('view.outline'),
      icon: IconList,
      keys: 'o',
      run: () => onView(view === 'outline' ? 'canvas' : 'outline'),
    },
  ]);

  useEffect(() => {
    const put = (event: ClipboardEvent, text: string) => {
      if (text === '') return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    const mine = (event: ClipboardEvent) => !isTyping(event.target) && (document.getSelection()?.isCollapsed ?? true);
    const onCopy = (event: ClipboardEvent) => mine(event) && put(event, commands.copy());
    const onCut = (event: ClipboardEvent) => mine(event) && put(event, commands.cut());
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      event.preventDefault();
      try {
        const { panel } = store.getState();
        commands.paste(
          event.clipboardData?.getData('text/plain') ?? '',
          panel.kind === 'picker' ? panel.slot : undefined,
        );
      } catch (error) {
        toastProblem(error);
      }
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCut);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCut);
      document.removeEventListener('paste', onPaste);
    };
  }, [commands, store]);
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
