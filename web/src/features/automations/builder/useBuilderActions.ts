import { usePageActions, type PageAction } from '@/ui/pageActions';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBolt,
  IconCopy,
  IconFold,
  IconFoldDown,
  IconHistory,
  IconList,
  IconPlus,
  IconRocket,
  IconSearch,
  IconSettings,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { slotAfter } from '../model/operations';
import { useBuilder, useBuilderState } from './context';
import { isTyping } from './isTyping';
import { useCanvasKeyList } from './useCanvasKeyList';
import { useClipboard } from './useClipboard';
import type { Commands } from './useCommands';

type Options = {
  commands: Commands;
  onSave: () => void;
  onPublish: () => void;
  onView: (view: string) => void;
  onFind: () => void;
  view: string;
  /** False while something else is on the screen, whose keys these are not. */
  enabled: boolean;
};

const none: PageAction[] = [];

/** Keys and palette entries of the builder; copy, cut and paste are the clipboard's own events, so that text fields keep theirs. */
export function useBuilderActions({ commands, onSave, onPublish, onView, onFind, view, enabled }: Options) {
  const { t } = useTranslation(['automations', 'builder']);
  const { store, index } = useBuilder();
  const canUndo = useBuilderState((s) => s.past.length > 0);
  const canRedo = useBuilderState((s) => s.future.length > 0);
  const typing = () => isTyping(document.activeElement);
  const keys = useCanvasKeyList();
  const nothing = t('actions.nothing');
  const actions: PageAction[] = [
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
    { id: 'automation.publish', label: t('publish.button'), icon: IconRocket, keys: 'mod+enter', run: onPublish },
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
    { id: 'automation.find', label: t('find.label', { ns: 'builder' }), icon: IconSearch, keys: 'mod+f', run: onFind },
    {
      id: 'automation.trigger',
      label: t('add_trigger'),
      icon: IconBolt,
      keys: 't',
      run: () => store.getState().show({ kind: 'trigger_picker' }),
    },
    {
      id: 'automation.problems',
      label: t('problems.title'),
      icon: IconAlertTriangle,
      keys: 'p',
      run: () => store.getState().show({ kind: 'problems' }),
    },
    {
      id: 'automation.versions',
      label: t('versions.title', { ns: 'builder' }),
      icon: IconHistory,
      keys: 'v',
      run: () => store.getState().show({ kind: 'versions' }),
    },
    {
      id: 'automation.settings',
      label: t('settings.title'),
      icon: IconSettings,
      keys: ',',
      run: () => store.getState().show({ kind: 'settings' }),
    },
    ...keys,
  ];
  usePageActions(enabled ? actions : none);

  useClipboard(commands, enabled);
}
