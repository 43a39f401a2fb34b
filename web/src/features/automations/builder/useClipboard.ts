import { useSession } from '@/api/session';
import { toast, toastProblem, toastWarning } from '@/ui/toasts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { stepsWithIds, stepsWithNames } from '../api/automations';
import { clipboardText, readClipboard } from '../model/copying';
import type { Step } from '../model/document';
import { useBuilder } from './context';
import { isTyping } from './isTyping';
import type { Commands } from './useCommands';

/**
 * Copy, cut and paste as the clipboard's own events, so that text fields keep theirs. The clipboard holds an automation document of steps: with ids
 * at once, and with names, which mean the same in every account, as soon as the server has said them. What is pasted is read by the server, strictly.
 */
export function useClipboard(commands: Commands, enabled: boolean) {
  const { t } = useTranslation('builder');
  const { store } = useBuilder();
  const account = useSession().account.id;
  const copies = useRef(0);
  useEffect(() => {
    if (!enabled) return;
    const put = (event: ClipboardEvent, steps: readonly Step[] | null) => {
      if (steps === null) return;
      event.clipboardData?.setData('text/plain', clipboardText(steps, account));
      event.preventDefault();
      const copy = ++copies.current;
      void stepsWithNames(steps)
        .then((named) =>
          // Only while nothing else was copied since, as far as this page can know.
          copy === copies.current && document.hasFocus()
            ? navigator.clipboard.writeText(clipboardText(named))
            : undefined,
        )
        // Without leave to write, or without the network, the ids do within this account.
        .catch(() => {});
    };
    const mine = (event: ClipboardEvent) => !isTyping(event.target) && (document.getSelection()?.isCollapsed ?? true);
    const onCopy = (event: ClipboardEvent) => mine(event) && put(event, commands.copy());
    const onCut = (event: ClipboardEvent) => mine(event) && put(event, commands.cut());
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      event.preventDefault();
      const read = readClipboard(event.clipboardData?.getData('text/plain') ?? '');
      if (read === null) return toast(t('paste.nothing'));
      if (read.account !== null && read.account !== account) return toast(t('paste.other_account'));
      const { panel } = store.getState();
      const slot = panel.kind === 'picker' ? panel.slot : undefined;
      void stepsWithIds(read.steps).then(({ steps, missing }) => {
        commands.paste(steps, slot);
        toast(t('paste.done', { count: steps.length }));
        if (missing.length > 0)
          toastWarning(
            t('paste.missing', { count: missing.length }),
            missing.map((m) => `${t(`source.${m.source}`, { defaultValue: m.source })} “${m.name}”`).join(', '),
          );
      }, toastProblem);
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCut);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCut);
      document.removeEventListener('paste', onPaste);
    };
  }, [commands, store, account, enabled, t]);
}
