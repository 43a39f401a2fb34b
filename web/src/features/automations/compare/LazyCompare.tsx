import { lazy, Suspense, type ComponentProps } from 'react';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import type { Compare as Loaded } from './Compare';

const Late = lazy(() => import('./Compare').then((m) => ({ default: m.Compare })));

/** Comparing is asked for now and then: a chunk of its own. */
export const Compare = (props: ComponentProps<typeof Loaded>) => (
  <Suspense fallback={<BuilderSkeleton />}>
    <Late {...props} />
  </Suspense>
);
