import { ErrorState } from '@/ui/ErrorState';
import { useCallback, useMemo, useState } from 'react';
import type { Automation } from '../api/types';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { Builder, Live, useBuilder, useBuilderState } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { useCommands } from '../builder/useCommands';
import { useSummary } from '../builder/useSummary';
import { LazyCanvas } from '../canvas/LazyCanvas';
import type { ChangeMark } from '../canvas/state';
import { compareDocuments, type Difference } from '../model/diff';
import type { AutomationDocument } from '../model/document';
import { ChangeList } from './ChangeList';
import { CompareBar } from './CompareBar';
import classes from './compare.module.css';
import { joinNames, writeSides, type Sides } from './sides';
import { useVersion } from './useVersion';

type Props = {
  automation: Automation;
  sides: Sides;
  onSides: (sides: Sides) => void;
  onRestore: (number: number, document: AutomationDocument) => void;
  onClose: () => void;
};
type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;
const nothing = () => {};

/** Two versions, or a version and the draft, on one canvas: what was added, removed, changed and moved. */
export function Compare({ automation, sides, onSides, onRestore, onClose }: Props) {
  const { automationId, index } = useBuilder();
  const draft = useBuilderState((s) => s.document);
  const from = useVersion(automationId, sides.from);
  const to = useVersion(automationId, sides.to === 'draft' ? null : sides.to);
  const before = from.data?.document;
  const after = sides.to === 'draft' ? draft : to.data?.document;
  const difference = useMemo(
    () => (before && after ? compareDocuments(before, after, index.branchesOf) : null),
    [before, after, index],
  );
  const names = useMemo(
    () => joinNames(from.data?.names, to.data?.names, automation.names),
    [from.data, to.data, automation.names],
  );
  const error = from.error ?? to.error;
  const restorable = from.data;
  return (
    <div className={classes.compare}>
      <CompareBar
        sides={sides}
        onSides={onSides}
        onClose={onClose}
        {...(restorable ? { onRestore: () => onRestore(restorable.number, restorable.document) } : {})}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void Promise.all([from.refetch(), to.refetch()])} />
      ) : difference === null ? (
        <BuilderSkeleton />
      ) : (
        <Shown
          // Another pair has other cards: what was chosen and folded belongs to the one before.
          key={writeSides(sides)}
          difference={difference}
          names={names}
          onClose={onClose}
        />
      )}
    </div>
  );
}

function Shown({ difference, names, onClose }: { difference: Difference; names: Names; onClose: () => void }) {
  const outer = useBuilder();
  const [store] = useState(() => createBuilderStore(difference.merged, { name: '', description: '' }));
  const context = useMemo(() => ({ ...outer, store }), [outer, store]);
  return (
    <Builder value={context}>
      <Canvases difference={difference} names={names} onClose={onClose} />
    </Builder>
  );
}

function Canvases({ difference, names, onClose }: { difference: Difference; names: Names; onClose: () => void }) {
  const { store, index, conditions } = useBuilder();
  const commands = useCommands(nothing);
  const summary = useSummary(difference.merged, index, conditions, names);
  const live = useMemo(() => ({ problems: [], counts: null, summary }), [summary]);
  const marks = useMemo(
    () =>
      new Map<string, ChangeMark>(
        difference.changes
          .filter((c) => c.what !== 'setting')
          .map((c) => [c.id, { kind: c.kind, moved: c.moved }] as const),
      ),
    [difference],
  );
  const [chosen, setChosen] = useState(0);
  const choose = useCallback(
    (at: number) => {
      setChosen(at);
      const change = difference.changes[at];
      if (change === undefined) return;
      store.getState().fold(new Set());
      store.getState().select(change.what === 'setting' ? null : change.id);
    },
    [difference, store],
  );
  const onOpen = useCallback(
    (id: string) => {
      const at = difference.changes.findIndex((c) => c.id === id && c.what !== 'setting');
      if (at === -1) store.getState().select(id);
      else choose(at);
    },
    [difference, choose, store],
  );
  return (
    <Live value={live}>
      <div className={classes.canvas}>
        <LazyCanvas
          document={difference.merged}
          commands={commands}
          readOnly
          marks={marks}
          onOpen={onOpen}
          onPeople={nothing}
          onFind={nothing}
        />
      </div>
      <ChangeList changes={difference.changes} chosen={chosen} onChoose={choose} onClose={onClose} />
    </Live>
  );
}
