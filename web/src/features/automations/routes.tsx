import { defineFeature } from '@/ui/feature';
import { fullRoute, shellRoute } from '@/ui/routing';
import { IconBolt } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The named texts of a query string; everything else is left out. */
const texts =
  <K extends string>(...keys: K[]) =>
  (search: Record<string, unknown>): Partial<Record<K, string>> =>
    Object.fromEntries(keys.filter((k) => typeof search[k] === 'string').map((k) => [k, search[k]])) as Partial<
      Record<K, string>
    >;

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/automations',
  validateSearch: texts('q', 'status', 'label'),
  component: lazyRouteComponent(() => import('./list/AutomationsPage'), 'AutomationsPage'),
});
const create = createRoute({
  getParentRoute: () => shellRoute,
  path: '/automations/new',
  component: lazyRouteComponent(() => import('./list/NewAutomationPage'), 'NewAutomationPage'),
});
const recipe = createRoute({
  getParentRoute: () => fullRoute,
  path: '/automations/recipes/$recipe',
  component: lazyRouteComponent(() => import('./recipes/RecipePage'), 'RecipePage'),
});
const map = createRoute({
  getParentRoute: () => shellRoute,
  path: '/automations/map',
  validateSearch: texts('q', 'view'),
  component: lazyRouteComponent(() => import('./map/MapPage'), 'MapPage'),
});
const builder = createRoute({
  getParentRoute: () => fullRoute,
  path: '/automations/$id',
  validateSearch: texts('step', 'view', 'compare', 'days', 'first', 'last', 'as'),
  component: lazyRouteComponent(() => import('./builder/BuilderPage'), 'BuilderPage'),
});
const report = createRoute({
  getParentRoute: () => shellRoute,
  path: '/automations/$id/report',
  validateSearch: texts('days', 'first', 'last', 'compare'),
  component: lazyRouteComponent(() => import('./report/ReportPage'), 'ReportPage'),
});
const simulate = createRoute({
  getParentRoute: () => fullRoute,
  path: '/automations/$id/simulate',
  component: lazyRouteComponent(() => import('./simulator/SimulatorPage'), 'SimulatorPage'),
});
const run = createRoute({
  getParentRoute: () => fullRoute,
  path: '/automations/$id/runs/$run',
  component: lazyRouteComponent(() => import('./runs/RunPage'), 'RunPage'),
});

export const feature = defineFeature({
  routes: [list, create, map, report],
  fullRoutes: [recipe, builder, simulate, run],
  nav: [{ key: 'automations', to: '/automations', icon: IconBolt, order: 30, go: 'a', permission: 'view_automations' }],
  create: [
    {
      key: 'automation',
      to: '/automations/new',
      icon: IconBolt,
      order: 30,
      create: 'a',
      permission: 'manage_automations',
    },
  ],
});
