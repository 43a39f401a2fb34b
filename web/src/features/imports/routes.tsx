import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconFileImport } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/import',
  // `file` is the uploaded file that is being mapped; a reload goes on with it.
  validateSearch: (raw: Record<string, unknown>) => raw,
  component: lazyRouteComponent(() => import('./wizard/ImportPage'), 'ImportPage'),
});

export const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/imports',
  component: lazyRouteComponent(() => import('./ImportsPage'), 'ImportsPage'),
});

export const progressRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/imports/$importId',
  component: lazyRouteComponent(() => import('./progress/ImportProgressPage'), 'ImportProgressPage'),
});

export const exportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/exports',
  component: lazyRouteComponent(() => import('./ExportsPage'), 'ExportsPage'),
});

export const feature = defineFeature({
  routes: [importRoute, importsRoute, progressRoute, exportsRoute],
  nav: [
    {
      key: 'imports',
      to: '/contacts/imports',
      icon: IconFileImport,
      order: 26,
      parent: 'contacts',
      permission: 'import_contacts',
    },
    {
      key: 'exports',
      to: '/contacts/exports',
      icon: IconFileImport,
      order: 27,
      parent: 'contacts',
      permission: 'export_contacts',
    },
  ],
  create: [
    { key: 'import_new', to: '/contacts/import', icon: IconFileImport, order: 60, permission: 'import_contacts' },
  ],
});
