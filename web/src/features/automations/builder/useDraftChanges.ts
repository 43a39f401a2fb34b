import { useDeferredValue, useMemo } from 'react';
import { useVersion } from '../compare/useVersion';
import { compareDocuments } from '../model/diff';
import { useBuilder, useBuilderState } from './context';

/** In how many steps, triggers and settings the draft differs from what is published; null: not known, or none is wanted. */
export function useDraftChanges(version: number | null): number | null {
  const { automationId, index } = useBuilder();
  const published = useVersion(automationId, version);
  // Counted when there is time for it: typing comes first.
  const draft = useDeferredValue(useBuilderState((s) => s.document));
  return useMemo(
    () =>
      version === null || !published.data
        ? null
        : compareDocuments(published.data.document, draft, index.branchesOf).changes.length,
    [version, published.data, draft, index],
  );
}
