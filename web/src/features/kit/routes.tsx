import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** Every part of the kit on one page, for looking and for the accessibility test; not in the navigation. */
const kitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/kit',
  component: lazyRouteComponent(() => import('./KitPage'), 'KitPage'),
});

export const feature = defineFeature({ routes: [kitRoute] });
