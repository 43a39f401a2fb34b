import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconBookmarks, IconPalette, IconPhoto } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const brand = createRoute({
  getParentRoute: () => shellRoute,
  path: '/brand',
  component: lazyRouteComponent(() => import('./BrandPage'), 'BrandPage'),
});
const files = createRoute({
  getParentRoute: () => shellRoute,
  path: '/files',
  component: lazyRouteComponent(() => import('./FilesPage'), 'FilesPage'),
});
const blocks = createRoute({
  getParentRoute: () => shellRoute,
  path: '/blocks',
  component: lazyRouteComponent(() => import('./PartsPage'), 'PartsPage'),
});
export const feature = defineFeature({
  routes: [brand, files, blocks],
  nav: [
    { key: 'brand', to: '/brand', icon: IconPalette, order: 44, parent: 'messages', permission: 'view_messages' },
    { key: 'files', to: '/files', icon: IconPhoto, order: 45, parent: 'messages', permission: 'view_messages' },
    { key: 'blocks', to: '/blocks', icon: IconBookmarks, order: 46, parent: 'messages', permission: 'view_messages' },
  ],
});
