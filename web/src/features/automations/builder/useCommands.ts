import { toast, toastUndo } from '@/ui/toasts';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { newStep, type CatalogueIndex } from '../model/catalogue';
import { newId, renewIds } from '../model/copying';
import { findStep, lane, walk, type AutomationDocument, type Slot, type Step } from '../model/document';
import { compareDocuments } from '../model/diff';
import { laneKey } from '../model/layout';
import { addNote, dropOrphans, editNote, removeNote } from '../model/notes';
import * as ops from '../model/operations';
import { useBuilder } from './context';

/** The chosen steps that lie in no other chosen step, in document order. */
export function chosenSteps(document: AutomationDocument, ids: ReadonlySet<string>, index: CatalogueIndex): Step[] {
  const chosen: Step[] = [];
  const inside = new Set<string>();
  for (const { step, slot } of walk(document.steps, index.branchesOf)) {
    const under = slot.parent !== null && inside.has(slot.parent);
    if (under || ids.has(step.id)) inside.add(step.id);
    if (!under && ids.has(step.id)) chosen.push(step);
  }
  return chosen;
}

/** The branches a step lies in, from the inside out. */
function lanesAround(document: AutomationDocument, id: string, index: CatalogueIndex): string[] {
  const keys: string[] = [];
  for (let at = findStep(document, id, index.branchesOf); at?.slot.parent;) {
    keys.push(laneKey(at.slot.parent, at.slot.branch ?? ''));
    at = findStep(document, at.slot.parent, index.branchesOf);
  }
  return keys;
}

/** Everything one can do with the document, the same for keys, menus, canvas and outline. */
export function useCommands(askLane: (step: Step) => void) {
  const { t } = useTranslation(['automations', 'builder']);
  const { store, index } = useBuilder();
  return useMemo(() => {
    const { branchesOf } = index;
    const state = store.getState;
    const documentOf = () => state().document;
    /** What has the keyboard is in sight: the branches around it unfold. */
    const focusOn = (id: string) => {
      const around = lanesAround(documentOf(), id, index);
      const { folded } = state();
      if (around.some((key) => folded.has(key))) state().fold(new Set([...folded].filter((k) => !around.includes(k))));
      state().select(id);
    };
    const change = (next: AutomationDocument) => state().change(dropOrphans(next, branchesOf));

    const insert = (slot: Slot, steps: readonly Step[]) => {
      const document = documentOf();
      const place = ops.slotExists(document, slot, branchesOf) ? slot : ops.slotAfter(document, null, branchesOf);
      state().change(ops.insertSteps(document, place, steps, branchesOf));
    };
    const remove = (id: string, keep?: string) => {
      const before = documentOf();
      const found = findStep(before, id, branchesOf);
      change(ops.removeStep(before, id, branchesOf, keep));
      state().select(null);
      const panel = state().panel;
      if (panel.kind === 'step' && panel.id === id) state().show({ kind: 'none' });
      if (found)
        toastUndo(t('step_removed', { name: index.step(found.step.type)?.title ?? found.step.type }), state().undo);
    };
    const commands = {
      add: (slot: Slot, type: string) => {
        const description = index.step(type);
        if (description === undefined) return;
        const step = newStep(description, newId(ops.allIds(documentOf(), branchesOf)));
        insert(slot, [step]);
        focusOn(step.id);
        state().show(description.options.length > 0 ? { kind: 'step', id: step.id } : { kind: 'none' });
      },
      move: (id: string, slot: Slot) => state().change(ops.moveStep(documentOf(), id, slot, branchesOf)),
      nudge: (id: string, by: 1 | -1) => {
        const slot = ops.neighbourSlot(documentOf(), id, by, branchesOf);
        if (slot) state().change(ops.moveStep(documentOf(), id, slot, branchesOf));
      },
      /** A step with filled branches asks first which of them stays. */
      remove: (id: string) => {
        const found = findStep(documentOf(), id, branchesOf);
        if (found === undefined) return removeTrigger(id);
        const filled = branchesOf(found.step).some((name) => lane(found.step, name).length > 0);
        if (filled) askLane(found.step);
        else remove(id);
      },
      removeKeeping: remove,
      removeChosen: () => {
        const chosen = chosenSteps(documentOf(), state().selection, index);
        const [only] = chosen;
        if (chosen.length === 1 && only) return commands.remove(only.id);
        if (chosen.length === 0) return void [...state().selection].forEach(removeTrigger);
        change(chosen.reduce((d, step) => ops.removeStep(d, step.id, branchesOf), documentOf()));
        state().select(null);
        toastUndo(t('steps_removed', { count: chosen.length }), state().undo);
      },
      /** What is chosen, for the clipboard; null when there is no step among it. */
      copy: (): readonly Step[] | null => {
        const chosen = chosenSteps(documentOf(), state().selection, index);
        if (chosen.length === 0) return null;
        toast(t('copied', { count: chosen.length }));
        return chosen;
      },
      cut: (): readonly Step[] | null => {
        const chosen = chosenSteps(documentOf(), state().selection, index);
        if (chosen.length === 0) return null;
        change(chosen.reduce((d, step) => ops.removeStep(d, step.id, branchesOf), documentOf()));
        state().select(null);
        toastUndo(t('steps_cut', { ns: 'builder', count: chosen.length }), state().undo);
        return chosen;
      },
      /** Behind the chosen step, or at the given place, under new ids. */
      paste: (steps: readonly Step[], slot?: Slot) => {
        const renewed = renewIds(steps, ops.allIds(documentOf(), branchesOf), index);
        const place = slot ?? ops.slotAfter(documentOf(), [...state().selection].at(-1) ?? null, branchesOf);
        insert(place, renewed);
        if (renewed[0]) focusOn(renewed[0].id);
        state().selectAll(renewed.map((s) => s.id));
      },
      duplicate: () => {
        const chosen = chosenSteps(documentOf(), state().selection, index);
        const last = chosen.at(-1);
        if (last === undefined) return;
        const renewed = renewIds(chosen, ops.allIds(documentOf(), branchesOf), index);
        insert(ops.slotAfter(documentOf(), last.id, branchesOf), renewed);
        if (renewed[0]) focusOn(renewed[0].id);
      },
      addTrigger: (type: string) => {
        const id = newId(ops.allIds(documentOf(), branchesOf));
        const document = documentOf();
        state().change({ ...document, triggers: [...document.triggers, { id, type, runs: 'once' }] });
        focusOn(id);
        state().show({ kind: 'trigger', id });
      },
      /** Beside a step, or beside the triggers. Answers with its id. */
      addNote: (step: string | null, author: string) => {
        const document = documentOf();
        const id = newId(new Set([...ops.allIds(document, branchesOf), ...(document.notes ?? []).map((n) => n.id)]));
        const at = step !== null && findStep(document, step, branchesOf) ? step : null;
        state().change(addNote(document, { id, text: '', author, ...(at === null ? {} : { step: at }) }));
        return id;
      },
      editNote: (id: string, text: string) => state().change(editNote(documentOf(), id, text), `note:${id}`),
      removeNote: (id: string) => {
        state().change(removeNote(documentOf(), id));
        toastUndo(t('note.removed'), state().undo);
      },
      toggleFold: (step: string, branch: string) => {
        const folded = new Set(state().folded);
        const key = laneKey(step, branch);
        if (!folded.delete(key)) folded.add(key);
        state().fold(folded);
      },
      foldAll: () =>
        state().fold(
          new Set(
            [...walk(documentOf().steps, branchesOf)].flatMap(({ step }) =>
              branchesOf(step)
                .filter((branch) => lane(step, branch).length > 0)
                .map((branch) => laneKey(step.id, branch)),
            ),
          ),
        ),
      unfoldAll: () => state().fold(new Set()),
      /** An earlier version becomes the draft, in one step of the history. */
      restore: (number: number, restored: AutomationDocument) => {
        const before = documentOf();
        // Notes are for those who build; the ones of today stay where their step is still there.
        const next = dropOrphans({ ...restored, notes: before.notes ?? [] }, branchesOf);
        if (compareDocuments(before, next, branchesOf).changes.length === 0)
          return toast(t('versions.is_draft', { ns: 'builder', number }));
        state().change(next);
        state().select(null);
        state().show({ kind: 'none' });
        toastUndo(t('versions.restored', { ns: 'builder', number }), state().undo);
      },
      /** Chooses a card and brings it into sight; the keyboard stays where it is. */
      show: focusOn,
      open: (id: string) => {
        focusOn(id);
        const isTrigger = documentOf().triggers.some((x) => x.id === id);
        state().show(isTrigger ? { kind: 'trigger', id } : { kind: 'step', id });
      },
    };
    function removeTrigger(id: string) {
      const document = documentOf();
      if (!document.triggers.some((x) => x.id === id)) return;
      state().change({ ...document, triggers: document.triggers.filter((x) => x.id !== id) });
      state().show({ kind: 'none' });
      toastUndo(t('trigger_removed'), state().undo);
    }
    return commands;
  }, [store, index, t, askLane]);
}

export type Commands = ReturnType<typeof useCommands>;
