import { defineFeature } from '@/ui/feature';
import { publicRoute } from '@/ui/routing';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const loginRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search['next'] === 'string' ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('./LoginPage'), 'LoginPage'),
});

const setupRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./SetupPage'), 'SetupPage'),
});

export const feature = defineFeature({ publicRoutes: [loginRoute, setupRoute] });
