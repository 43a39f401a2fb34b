import {
  IconActivityHeartbeat,
  IconApi,
  IconBan,
  IconBraces,
  IconBuilding,
  IconChecklist,
  IconGauge,
  IconInbox,
  IconMailbox,
  IconMailCog,
  IconMessage2,
  IconRobot,
  IconUser,
  IconUsers,
  IconWebhook,
  IconWorldCheck,
  type Icon,
} from '@tabler/icons-react';

export type SettingsPage = {
  key: string;
  to: string;
  icon: Icon;
  group: 'you' | 'account' | 'mail' | 'developers';
  permission?: string;
};

/** The left list, in order. Titles, and the words the search finds them by, are texts of the feature. */
export const settingsPages: readonly SettingsPage[] = [
  { key: 'profile', to: '/settings/profile', icon: IconUser, group: 'you' },
  { key: 'mailboxes', to: '/settings/mailboxes', icon: IconMailbox, group: 'you' },
  { key: 'account', to: '/settings/account', icon: IconBuilding, group: 'account' },
  { key: 'users', to: '/settings/users', icon: IconUsers, group: 'account' },
  { key: 'sending', to: '/settings/sending', icon: IconMailCog, group: 'mail', permission: 'manage_sending' },
  { key: 'domains', to: '/settings/domains', icon: IconWorldCheck, group: 'mail', permission: 'manage_sending' },
  { key: 'variables', to: '/settings/variables', icon: IconBraces, group: 'mail', permission: 'view_messages' },
  {
    key: 'responses',
    to: '/settings/saved-responses',
    icon: IconMessage2,
    group: 'mail',
    permission: 'view_messages',
  },
  { key: 'mail_tracking', to: '/settings/mail-tracking', icon: IconRobot, group: 'mail' },
  { key: 'suppression', to: '/settings/exclusions', icon: IconBan, group: 'mail', permission: 'view_contacts' },
  { key: 'log', to: '/settings/delivery-log', icon: IconChecklist, group: 'mail', permission: 'view_messages' },
  {
    key: 'deliverability',
    to: '/settings/deliverability',
    icon: IconGauge,
    group: 'mail',
    permission: 'view_messages',
  },
  { key: 'inbound', to: '/settings/inbound-mail', icon: IconInbox, group: 'mail', permission: 'view_messages' },
  { key: 'api', to: '/settings/api', icon: IconApi, group: 'developers', permission: 'manage_api_keys' },
  { key: 'tracking', to: '/settings/tracking', icon: IconActivityHeartbeat, group: 'developers' },
  { key: 'webhooks', to: '/settings/webhooks', icon: IconWebhook, group: 'developers', permission: 'view_automations' },
];

export const settingsGroups = ['you', 'account', 'mail', 'developers'] as const;
