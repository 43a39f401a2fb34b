import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconHome } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./HomePage'), 'HomePage'),
});

export const feature = defineFeature({
  routes: [homeRoute],
  nav: [{ key: 'home', to: '/', icon: IconHome, order: 10, go: 'h' }],
});
