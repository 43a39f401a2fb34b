import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconMail } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

type Search = { q?: string; of?: 'own' | 'automation'; create?: boolean };

export const messagesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/messages',
  validateSearch: ({ q, of, create }: Record<string, unknown>): Search => ({
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(of === 'own' || of === 'automation' ? { of } : {}),
    ...(create === true ? { create } : {}),
  }),
  component: lazyRouteComponent(() => import('./MessagesPage'), 'MessagesPage'),
});

export const feature = defineFeature({
  routes: [messagesRoute],
  nav: [{ key: 'messages', to: '/messages', icon: IconMail, order: 40, go: 'm', permission: 'view_messages' }],
  create: [
    {
      key: 'message',
      to: '/messages',
      search: { create: true },
      icon: IconMail,
      order: 40,
      permission: 'manage_messages',
    },
  ],
});
