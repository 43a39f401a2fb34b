import { createContext, useContext } from 'react';
import type { Commands } from '../builder/useCommands';
import type { ChangeKind } from '../model/diff';
import type { Slot } from '../model/document';

/** What the picker puts on the pointer. */
export const stepDragType = 'application/x-millrace-step';

export type ChangeMark = { kind: ChangeKind; moved: boolean };

/** What cards and + of one canvas share: what is dragged over it, what a run has visited, and what a click does. */
export type CanvasState = {
  readOnly: boolean;
  /** Keys of the slots one can drop on; null while nothing is dragged. */
  targets: ReadonlySet<string> | null;
  nearest: string | null;
  lifted: ReadonlySet<string>;
  /** Steps a run has visited; null when no run is shown. */
  visited: ReadonlySet<string> | null;
  /** What became of steps and triggers between two versions; null when none are compared. */
  marks: ReadonlyMap<string, ChangeMark> | null;
  /** Cards that the search has found; null while nothing is searched. */
  found: ReadonlySet<string> | null;
  /** The card that can be reached by Tab. */
  tabStop: string | null;
  /** The note that was just made and wants to be written. */
  freshNote: string | null;
  commands: Commands;
  onOpen: (id: string, more: boolean) => void;
  onSlot: (slot: Slot) => void;
  onAddTrigger: () => void;
  onPeople: (id: string, status: string) => void;
};

export const Canvas = createContext<CanvasState | null>(null);

export function useCanvas(): CanvasState {
  const value = useContext(Canvas);
  if (value === null) throw new Error('outside of a canvas');
  return value;
}
