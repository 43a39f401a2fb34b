import { defineFeature } from '@/ui/feature';
import { publicRoute, shellRoute } from '@/ui/routing';
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

const accountsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./AccountsPage'), 'AccountsPage'),
});

export const feature = defineFeature({ routes: [accountsRoute], publicRoutes: [loginRoute, setupRoute] });
