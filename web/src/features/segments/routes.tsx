import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconChartPie } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const segmentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments',
  // The page reads it with `readSegmentSearch`, which so stays out of the first load.
  validateSearch: (raw: Record<string, unknown>) => raw,
  component: lazyRouteComponent(() => import('./list/SegmentsPage'), 'SegmentsPage'),
});

/** `/segments/new` too. */
export const segmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments/$segmentId',
  component: lazyRouteComponent(() => import('./builder/SegmentPage'), 'SegmentPage'),
});

export const feature = defineFeature({
  routes: [segmentsRoute, segmentRoute],
  nav: [
    {
      key: 'segments',
      to: '/segments',
      icon: IconChartPie,
      order: 21,
      parent: 'contacts',
      permission: 'view_contacts',
    },
  ],
  create: [{ key: 'segment_new', to: '/segments/new', icon: IconChartPie, order: 52, permission: 'manage_contacts' }],
});
