import { defineFeature } from '@/ui/feature';
import { shellRoute } from '@/ui/routing';
import { IconSettings } from '@tabler/icons-react';
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type * as Pages from './lazyPages';

const lazy = (name: keyof typeof Pages) => lazyRouteComponent(() => import('./lazyPages'), name);
const settings = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazy('SettingsLayout'),
});
const page = (path: string, name: keyof typeof Pages) =>
  createRoute({
    getParentRoute: () => settings,
    path,
    validateSearch: ({ state }: Record<string, unknown>): { state?: string } =>
      typeof state === 'string' ? { state } : {},
    component: lazy(name),
  });
const index = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile' as string });
  },
});

export const feature = defineFeature({
  routes: [
    settings.addChildren([
      index,
      page('profile', 'ProfilePage'),
      page('mailboxes', 'MailboxesPage'),
      page('saved-responses', 'SavedResponsesPage'),
      page('account', 'AccountPage'),
      page('users', 'UsersPage'),
      page('sending', 'SendingPage'),
      page('domains', 'DomainsPage'),
      page('variables', 'VariablesPage'),
      page('mail-tracking', 'MailTrackingPage'),
      page('exclusions', 'SuppressionPage'),
      page('delivery-log', 'DeliveryLogPage'),
      page('deliverability', 'DeliverabilityPage'),
      page('inbound-mail', 'InboundPage'),
      page('api', 'ApiKeysPage'),
      page('tracking', 'TrackingPage'),
      page('webhooks', 'WebhooksPage'),
    ]),
  ],
  nav: [{ key: 'settings', to: '/settings', icon: IconSettings, order: 90, go: 's' }],
});
