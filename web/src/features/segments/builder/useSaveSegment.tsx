import { fieldErrors, problemKind } from '@/api/problem';
import { treeErrors, type TreeErrors } from '@/ui/conditions/errors';
import { inConflict, type ConflictField, type Side } from '@/ui/conflict/conflicts';
import { toast, toastProblem } from '@/ui/toasts';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  changeSegment,
  createSegment,
  readSegment,
  refreshSegments,
  type Draft,
  type SegmentDetail,
} from '../segments';
import { conflictFields, draftOf, settled, type Told } from './draft';

const ConflictDialog = lazy(() => import('@/ui/conflict/ConflictDialog').then((m) => ({ default: m.ConflictDialog })));

type Asked = { name: string; fields: ConflictField[]; answer: (chosen: Record<string, Side> | null) => void };
export type SaveErrors = { fields: Readonly<Record<string, string>>; tree: TreeErrors };

const none: SaveErrors = { fields: {}, tree: {} };

/**
 * Saves a segment on the version that was read. What others changed meanwhile is kept without asking where I left it alone; what both
 * changed is decided side by side. Answers with the segment as it is saved, or null where it is not.
 */
export function useSaveSegment(base: SegmentDetail | null) {
  const { t } = useTranslation('segments');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<SaveErrors>(none);

  const change = async (on: SegmentDetail, mine: Told): Promise<boolean> => {
    try {
      await changeSegment(on.id, on.version, mine.draft);
      return true;
    } catch (problem) {
      if (problemKind(problem) !== 'version_conflict') throw problem;
    }
    const theirs = await readSegment(on.id);
    const before: Told = { draft: draftOf(on), words: on.words };
    const now: Told = { draft: draftOf(theirs), words: theirs.words };
    const fields = conflictFields(before, mine, now, (part) => t(`field.${part}`));
    const chosen =
      inConflict(fields).length === 0
        ? {}
        : await new Promise<Record<string, Side> | null>((answer) => setAsked({ name: theirs.name, fields, answer }));
    setAsked(null);
    if (chosen === null) return false;
    return change(theirs, { draft: settled(before.draft, mine.draft, now.draft, chosen), words: mine.words });
  };

  const save = async (draft: Draft, words: string): Promise<SegmentDetail | null> => {
    setBusy(true);
    setErrors(none);
    try {
      let id = base?.id;
      if (base === null) id = (await createSegment(draft)).id;
      else if (!(await change(base, { draft, words }))) return null;
      const saved = await readSegment(id as number);
      toast(t('saved', { name: saved.name }));
      void refreshSegments();
      return saved;
    } catch (problem) {
      const wrong: SaveErrors = { fields: fieldErrors(problem), tree: treeErrors(problem) };
      setErrors(wrong);
      const shown = ['name', 'description', 'tags'].some((f) => wrong.fields[f]) || Object.keys(wrong.tree).length > 0;
      if (!shown) toastProblem(problem);
      return null;
    } finally {
      setBusy(false);
    }
  };

  const dialog =
    asked === null ? null : (
      <Suspense fallback={null}>
        <ConflictDialog
          name={asked.name}
          fields={asked.fields}
          onResolve={(chosen) => asked.answer(chosen)}
          onClose={() => asked.answer(null)}
        />
      </Suspense>
    );
  return { save, busy, errors, clearErrors: () => setErrors(none), dialog };
}
