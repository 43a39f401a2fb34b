import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconReportAnalytics } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

const keys = ['days', 'first', 'last', 'compare', 'step', 'source', 'machines', 'privacy'] as const;
export type ReportsSearch = Partial<Record<(typeof keys)[number], string>>;

export const reportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports',
  // Which days and what counts: `days=90`, `first=2026-11-01`, `step=week`, `source=campaign`, `machines=none`.
  validateSearch: (raw: Record<string, unknown>): ReportsSearch =>
    Object.fromEntries(
      keys.flatMap((key) => {
        const value = raw[key];
        return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [];
      }),
    ),
  component: lazyRouteComponent(() => import('./ReportsPage'), 'ReportsPage'),
});

export const feature = defineFeature({
  routes: [reportsRoute],
  nav: [
    {
      key: 'reports',
      to: '/reports',
      icon: IconReportAnalytics,
      order: 70,
      go: 'r',
      permission: 'view_messages',
    },
  ],
});
