import { lazy, Suspense, type ComponentProps } from 'react';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import type { Canvas } from './Canvas';

// On its way while the automation itself is still being asked for.
const canvas = import('./Canvas');
const Loaded = lazy(async () => ({ default: (await canvas).Canvas }));

/** The canvas with its library as a chunk of its own: the outline needs none of it. */
export const LazyCanvas = (props: ComponentProps<typeof Canvas>) => (
  <Suspense fallback={<BuilderSkeleton />}>
    <Loaded {...props} />
  </Suspense>
);
