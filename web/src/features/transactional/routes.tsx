import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconMailBolt } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const tabs = ['activity', 'statistics', 'templates', 'streams', 'webhooks', 'setup'] as const;
export type ServerTab = (typeof tabs)[number];
export type ServerSearch = { tab?: ServerTab; q?: string; state?: string; stream?: string; mail?: number };

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const serversRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/transactional',
  component: lazyRouteComponent(() => import('./pages'), 'ServersPage'),
});

export const serverRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/transactional/$server',
  validateSearch: ({ tab, q, state, stream, mail }: Record<string, unknown>): ServerSearch => ({
    ...(tabs.includes(tab as ServerTab) ? { tab: tab as ServerTab } : {}),
    ...(text(q) ? { q: text(q) as string } : {}),
    ...(text(state) ? { state: text(state) as string } : {}),
    ...(text(stream) ? { stream: text(stream) as string } : {}),
    ...(typeof mail === 'number' ? { mail } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages'), 'ServerPage'),
});

/** A template's number, or `new`. */
export const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/transactional/$server/templates/$template',
  component: lazyRouteComponent(() => import('./pages'), 'TemplatePage'),
});

export const feature = defineFeature({
  routes: [serversRoute, serverRoute, templateRoute],
  nav: [
    {
      key: 'transactional',
      to: '/transactional',
      icon: IconMailBolt,
      order: 45,
      permission: 'view_messages',
    },
  ],
});
