import { defineFeature } from '@/ui/feature';
import { fullRoute } from '@/ui/routing';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const message = createRoute({
  getParentRoute: () => fullRoute,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('./designerPages'), 'MessageDesignerPage'),
});
const step = createRoute({
  getParentRoute: () => fullRoute,
  path: '/automations/$id/steps/$step/email',
  component: lazyRouteComponent(() => import('./designerPages'), 'StepDesignerPage'),
});

const part = createRoute({
  getParentRoute: () => fullRoute,
  path: '/blocks/$id',
  component: lazyRouteComponent(() => import('./designerPages'), 'PartDesignerPage'),
});

export const feature = defineFeature({ fullRoutes: [message, step, part] });
