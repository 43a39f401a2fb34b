import type { PageAction } from '@/ui/pageActions';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const keys = [
  ['arrows', 'arrows'],
  ['enter', 'enter'],
  ['tab', 'tab'],
  ['extend', 'shift+arrows'],
  ['all', 'mod+a'],
  ['move', 'alt+arrows'],
  ['copy', 'mod+c'],
  ['cut', 'mod+x'],
  ['paste', 'mod+v'],
  ['delete', 'delete'],
  ['note', 'n'],
  ['find', 'f'],
  ['zoom', '+'],
  ['zoom_out', '-'],
  ['zoom_100', '0'],
  ['fit', '1'],
  ['escape', 'escape'],
] as const;

/** The keys that the canvas listens to itself, for the list of shortcuts. */
export function useCanvasKeyList(): PageAction[] {
  const { t } = useTranslation('builder');
  return useMemo(
    () =>
      keys.map(([id, combination]) => ({
        id: `canvas.${id}`,
        label: t(`keys.${id}`),
        keys: combination,
        group: t('keys.group'),
        hidden: true,
        local: true,
        run: () => {},
      })),
    [t],
  );
}
