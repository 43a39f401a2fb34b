import type { Icon } from '@tabler/icons-react';
import { useEffect, useId, useRef } from 'react';
import { create } from 'zustand';

export type PageAction = {
  id: string;
  label: string;
  run: () => void;
  icon?: Icon;
  /** `e`, `g c` (one after the other), `mod+k`, `shift+?`. Single keys are off in inputs. */
  keys?: string;
  /** Heading in the palette and in the list of shortcuts; "On this page" when absent. */
  group?: string;
  /** Shown greyed with this sentence. */
  disabledReason?: string;
  /** Only a shortcut, not in the palette (arrow keys and the like). */
  hidden?: boolean;
  /** The part of the page that has the keyboard listens to these keys itself; here they are only listed. */
  local?: boolean;
};

type Registry = { sets: Record<string, readonly PageAction[]> };

/** All actions that can be done now, by who registered them. */
export const useActionRegistry = create<Registry>(() => ({ sets: {} }));

export const allActions = (): PageAction[] => Object.values(useActionRegistry.getState().sets).flat();

/**
 * Registers what can be done here while the component is mounted: the palette lists it, its keys work, `?` shows them.
 * Pass a new array freely; `run` is always the latest.
 */
export function usePageActions(actions: readonly PageAction[]) {
  const id = useId();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const shape = JSON.stringify(
    actions.map((a) => [a.id, a.label, a.keys, a.group, a.disabledReason, a.hidden, a.local]),
  );
  useEffect(() => {
    const stable = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find((a) => a.id === action.id)?.run(),
    }));
    useActionRegistry.setState(({ sets }) => ({ sets: { ...sets, [id]: stable } }));
    return () =>
      useActionRegistry.setState(({ sets }) => ({
        sets: Object.fromEntries(Object.entries(sets).filter(([k]) => k !== id)),
      }));
  }, [id, shape]);
}
