import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconStack2, IconUsers } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { lazy } from 'react';

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

export const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/jobs',
  component: lazyRouteComponent(() => import('./bulk/JobsPage'), 'JobsPage'),
});

export const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/jobs/$jobId',
  component: lazyRouteComponent(() => import('./bulk/JobPage'), 'JobPage'),
});

const BulkWatcher = lazy(() => import('./bulk/BulkWatcher'));

export const feature = defineFeature({
  routes: [contactsRoute, contactRoute, jobsRoute, jobRoute],
  background: [BulkWatcher],
  nav: [
    { key: 'contacts', to: '/contacts', icon: IconUsers, order: 20, go: 'c', permission: 'view_contacts' },
    {
      key: 'bulk_jobs',
      to: '/contacts/jobs',
      icon: IconStack2,
      order: 29,
      parent: 'contacts',
      permission: 'view_contacts',
    },
  ],
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
