import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconTag, IconUsers } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

// Pages read it with `readAudienceSearch`, which so stays out of the first load.
const validateSearch = (raw: Record<string, unknown>) => raw;

export const listsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/lists',
  validateSearch,
  component: lazyRouteComponent(() => import('./lists/ListsPage'), 'ListsPage'),
});

export const tagsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tags',
  validateSearch,
  component: lazyRouteComponent(() => import('./tags/TagsPage'), 'TagsPage'),
});

export const fieldsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/fields',
  component: lazyRouteComponent(() => import('./fields/FieldsPage'), 'FieldsPage'),
});

const under = { parent: 'contacts', permission: 'view_contacts' };

export const feature = defineFeature({
  routes: [listsRoute, tagsRoute, fieldsRoute],
  nav: [
    { key: 'lists', to: '/lists', icon: IconUsers, order: 22, ...under },
    { key: 'tags', to: '/tags', icon: IconTag, order: 23, ...under },
    { key: 'fields', to: '/fields', icon: IconTag, order: 24, ...under },
  ],
  create: [
    {
      key: 'list_new',
      to: '/lists',
      search: { create: true },
      icon: IconUsers,
      order: 50,
      permission: 'manage_lists',
    },
    { key: 'tag_new', to: '/tags', search: { create: true }, icon: IconTag, order: 51, permission: 'manage_tags' },
  ],
});
