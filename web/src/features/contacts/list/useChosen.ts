import type { GridSelection } from '@/ui/grid/types';
import { toastProblem } from '@/ui/toasts';
import { useMemo, useState } from 'react';
import { countSelection, type ContactSelection } from '../bulk/bulk';
import type { ContactRow } from './contactList';
import type { ContactSearch } from './search';
import { toSelection } from './contactList';

type Everyone = { total: number; except: ReadonlySet<string> };

/** Which contacts are chosen: ticked ones, or all that match the list's filters but for those that were unticked. */
export function useChosen(rows: readonly ContactRow[], search: ContactSearch) {
  const [ticked, setTicked] = useState<GridSelection>(new Set());
  const [everyone, setEveryone] = useState<Everyone | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = useMemo<GridSelection>(
    () =>
      everyone === null ? ticked : new Set(rows.map((r) => String(r.id)).filter((id) => !everyone.except.has(id))),
    [everyone, ticked, rows],
  );
  const clear = () => {
    setTicked(new Set());
    setEveryone(null);
  };
  const select = (next: GridSelection) => {
    if (everyone === null) return setTicked(next);
    if (next.size === 0) return clear();
    const except = rows.map((r) => String(r.id)).filter((id) => !next.has(id));
    setEveryone({ ...everyone, except: new Set(except) });
  };
  const chooseAll = async () => {
    setBusy(true);
    try {
      const total = await countSelection(toSelection(search));
      setEveryone({ total, except: new Set() });
    } catch (problem) {
      toastProblem(problem);
    }
    setBusy(false);
  };
  const selection: Partial<ContactSelection> =
    everyone === null
      ? { contact_ids: [...ticked].map(Number) }
      : { ...toSelection(search), except: [...everyone.except].map(Number) };
  const count = everyone === null ? ticked.size : everyone.total - everyone.except.size;
  return {
    shown,
    select,
    clear,
    count,
    selection,
    busy,
    everyone: everyone !== null,
    chooseAll: () => void chooseAll(),
  };
}
