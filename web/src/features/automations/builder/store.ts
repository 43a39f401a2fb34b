import { createStore, type StoreApi } from 'zustand';
import type { AutomationDocument, Slot } from '../model/document';

export type PanelView =
  | { kind: 'none' }
  | { kind: 'picker'; slot: Slot }
  | { kind: 'trigger_picker' }
  | { kind: 'step'; id: string }
  | { kind: 'trigger'; id: string }
  | { kind: 'problems' }
  | { kind: 'versions' }
  | { kind: 'people'; step: string | null; status?: string }
  | { kind: 'waiting' }
  | { kind: 'settings' };

export type Meta = { name: string; description: string };

/** What undo comes back to. */
export type Moment = { document: AutomationDocument; meta: Meta };

export type BuilderState = {
  document: AutomationDocument;
  /** Saved with the document, and part of its history. */
  meta: Meta;
  past: readonly Moment[];
  future: readonly Moment[];
  /** Steps and triggers chosen on the canvas. */
  selection: ReadonlySet<string>;
  /** The one card that has the keyboard. */
  focus: string | null;
  panel: PanelView;
  /** Branches drawn as one card, by `step/branch`. */
  folded: ReadonlySet<string>;
  /** Joins changes of one field into one step of the history. */
  merge: { key: string; at: number } | null;
  /** Applies a change; with the same `mergeKey` within a second it joins the one before. */
  change: (next: AutomationDocument, mergeKey?: string) => void;
  undo: () => void;
  redo: () => void;
  describe: (part: Partial<Meta>) => void;
  /** The server's document takes the place of this one, without history. */
  replace: (document: AutomationDocument, meta: Meta) => void;
  select: (id: string | null, more?: boolean) => void;
  /** Takes the place of the selection; the last has the keyboard. */
  selectAll: (ids: readonly string[]) => void;
  show: (panel: PanelView) => void;
  fold: (folded: ReadonlySet<string>) => void;
};

export type BuilderStore = StoreApi<BuilderState>;

/** How long typing joins into one step of the history, in milliseconds. */
const mergeTime = 1000;

/** The change, with what was before as a step of the history of its own, unless it goes on with the one before. */
function remember(state: BuilderState, part: Partial<Moment>, at: number, mergeKey?: string): Partial<BuilderState> {
  const { document, meta, past, merge } = state;
  const joins = mergeKey !== undefined && merge?.key === mergeKey && at - merge.at < mergeTime;
  return {
    ...part,
    past: joins ? past : [...past, { document, meta }],
    future: [],
    merge: mergeKey === undefined ? null : { key: mergeKey, at },
  };
}

export const createBuilderStore = (
  document: AutomationDocument,
  meta: Meta,
  now: () => number = Date.now,
): BuilderStore =>
  createStore<BuilderState>((set, get) => ({
    document,
    meta,
    past: [],
    future: [],
    selection: new Set(),
    focus: null,
    panel: { kind: 'none' },
    folded: new Set(),
    merge: null,
    change: (next, mergeKey) => {
      if (next !== get().document) set(remember(get(), { document: next }, now(), mergeKey));
    },
    undo: () => {
      const { document: was, meta: named, past, future } = get();
      const before = past.at(-1);
      if (before !== undefined)
        set({ ...before, past: past.slice(0, -1), future: [{ document: was, meta: named }, ...future], merge: null });
    },
    redo: () => {
      const { document: was, meta: named, past, future } = get();
      const [next, ...rest] = future;
      if (next !== undefined)
        set({ ...next, past: [...past, { document: was, meta: named }], future: rest, merge: null });
    },
    describe: (part) => {
      const { meta: before } = get();
      const next = { ...before, ...part };
      if (next.name === before.name && next.description === before.description) return;
      set(remember(get(), { meta: next }, now(), `meta:${Object.keys(part).join()}`));
    },
    replace: (next, meta) => set({ document: next, meta, past: [], future: [], merge: null, selection: new Set() }),
    select: (id, more = false) => {
      if (id === null) return set({ selection: new Set() });
      const selection = new Set(more ? get().selection : []);
      if (more && selection.has(id)) selection.delete(id);
      else selection.add(id);
      set({ selection, focus: id });
    },
    selectAll: (ids) => set({ selection: new Set(ids), focus: ids.at(-1) ?? get().focus }),
    show: (panel) => set({ panel }),
    fold: (folded) => set({ folded }),
  }));
