import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const tabs = ['overview', 'clicks', 'people', 'variants', 'bounces', 'readers', 'actions'] as const;
export type Tab = (typeof tabs)[number];

const texts = (raw: Record<string, unknown>, keys: readonly string[]) =>
  Object.fromEntries(keys.flatMap((key) => (typeof raw[key] === 'string' ? [[key, raw[key]]] : [])));

export const campaignReportRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns/$campaignId/report/{-$tab}',
  // What counts, and of the people which: `privacy=no`, `machines=none`, `of=opened`, `link=https://...`.
  validateSearch: (raw: Record<string, unknown>): { privacy?: string; machines?: string; of?: string; link?: string } =>
    texts(raw, ['privacy', 'machines', 'of', 'link']),
  component: lazyRouteComponent(() => import('./CampaignReportPage'), 'CampaignReportPage'),
});

export const feature = defineFeature({ routes: [campaignReportRoute] });
