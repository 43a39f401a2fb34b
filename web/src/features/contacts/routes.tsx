import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconUsers } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const contactsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts',
  // The page reads it with `readSearch`, which so stays out of the first load.
  validateSearch: (raw: Record<string, unknown>) => raw,
  component: lazyRouteComponent(() => import('./list/ContactsPage'), 'ContactsPage'),
});

export const contactRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/$contactId',
  component: lazyRouteComponent(() => import('./profile/ContactPage'), 'ContactPage'),
});

export const feature = defineFeature({
  routes: [contactsRoute, contactRoute],
  nav: [{ key: 'contacts', to: '/contacts', icon: IconUsers, order: 20, go: 'c', permission: 'view_contacts' }],
  create: [
    {
      key: 'contact_new',
      to: '/contacts',
      search: { create: true },
      icon: IconUsers,
      create: 'c',
      order: 10,
      permission: 'manage_contacts',
    },
  ],
});
