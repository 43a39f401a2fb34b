import type { ConditionCatalogue } from '@/ui/conditions/tree';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Counts } from '../api/types';
import type { CatalogueIndex } from '../model/catalogue';
import type { AutomationProblem } from '../model/problems';
import type { PeriodNumbers } from '../numbers/usePeriodNumbers';
import type { SummaryContext } from '../model/summary';
import type { BuilderState, BuilderStore } from './store';

/** What every part of the builder needs; made once per opened automation. */
export type BuilderContext = {
  automationId: string;
  store: BuilderStore;
  index: CatalogueIndex;
  conditions: ConditionCatalogue;
};

/** What changes on its own while one edits. */
export type LiveContext = {
  problems: readonly AutomationProblem[];
  counts: Counts | null;
  /** What happened in the days that are looked at, in place of what stands now. */
  period?: PeriodNumbers | null;
  summary: SummaryContext;
};

export const Builder = createContext<BuilderContext | null>(null);
export const Live = createContext<LiveContext | null>(null);

export function useBuilder(): BuilderContext {
  const value = useContext(Builder);
  if (value === null) throw new Error('outside of the builder');
  return value;
}

export function useLive(): LiveContext {
  const value = useContext(Live);
  if (value === null) throw new Error('outside of the builder');
  return value;
}

export function useBuilderState<T>(select: (state: BuilderState) => T): T {
  return useStore(useBuilder().store, select);
}
