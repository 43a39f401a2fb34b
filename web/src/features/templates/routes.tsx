import { defineFeature } from '@/ui/feature';
import { fullRoute, shellRoute } from '@/ui/routing';
import { IconTemplate } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

type Search = { category?: string; q?: string };

export const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates',
  validateSearch: ({ category, q }: Record<string, unknown>): Search => ({
    ...(typeof category === 'string' && category !== '' ? { category } : {}),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
  }),
  component: lazyRouteComponent(() => import('./TemplatesPage'), 'TemplatesPage'),
});

const designer = createRoute({
  getParentRoute: () => fullRoute,
  path: '/templates/$id',
  component: lazyRouteComponent(() => import('../emailEditor/designerPages'), 'TemplateDesignerPage'),
});

export const feature = defineFeature({
  routes: [templatesRoute],
  fullRoutes: [designer],
  nav: [{ key: 'templates', to: '/templates', icon: IconTemplate, order: 45, permission: 'view_messages' }],
});
