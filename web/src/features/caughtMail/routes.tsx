import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconInbox } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const caughtMail = createRoute({
  getParentRoute: () => shellRoute,
  path: '/caught-mail/{-$id}',
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {},
  component: lazyRouteComponent(() => import('./CaughtMailPage'), 'CaughtMailPage'),
});

export const feature = defineFeature({
  routes: [caughtMail],
  nav: [
    {
      key: 'caughtMail',
      to: '/caught-mail',
      icon: IconInbox,
      order: 80,
      permission: 'view_caught_mail',
      when: (session) => session.facts['mail_catcher'] === true,
    },
  ],
});
