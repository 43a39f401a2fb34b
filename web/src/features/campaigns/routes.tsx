import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconCalendarMonth, IconSend } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

export const views = ['drafts', 'scheduled', 'sending', 'sent', 'recurring', 'automated', 'archived'] as const;
export type View = (typeof views)[number];
type ListSearch = { q?: string; view?: View };
type CalendarSearch = { day?: string; week?: boolean; best?: boolean };

export const campaignsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns',
  validateSearch: ({ q, view }: Record<string, unknown>): ListSearch => ({
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(views.some((v) => v === view) ? { view: view as View } : {}),
  }),
  component: lazyRouteComponent(() => import('./list/CampaignsPage'), 'CampaignsPage'),
});

export const newCampaignRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns/new',
  validateSearch: ({ at }: Record<string, unknown>): { at?: string } => (typeof at === 'string' ? { at } : {}),
  component: lazyRouteComponent(() => import('./summary/NewCampaignPage'), 'NewCampaignPage'),
});

export const calendarRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns/calendar',
  validateSearch: ({ day, week, best }: Record<string, unknown>): CalendarSearch => ({
    ...(typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) ? { day } : {}),
    ...(week === true ? { week } : {}),
    ...(best === true ? { best } : {}),
  }),
  component: lazyRouteComponent(() => import('./calendar/CalendarPage'), 'CalendarPage'),
});

export const campaignRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/campaigns/$campaignId',
  component: lazyRouteComponent(() => import('./summary/CampaignPage'), 'CampaignPage'),
});

export const feature = defineFeature({
  routes: [campaignsRoute, newCampaignRoute, calendarRoute, campaignRoute],
  nav: [
    { key: 'campaigns', to: '/campaigns', icon: IconSend, order: 35, permission: 'view_messages' },
    {
      key: 'calendar',
      to: '/campaigns/calendar',
      icon: IconCalendarMonth,
      order: 36,
      parent: 'campaigns',
      permission: 'view_messages',
    },
  ],
  create: [{ key: 'campaign', to: '/campaigns/new', icon: IconSend, order: 35, permission: 'manage_messages' }],
});
