// One chunk: every lazy part more costs the first load an entry in its list of parts.
export { AccountPage } from './account/AccountPage';
export { ApiKeysPage } from './api/ApiKeysPage';
export { DeliverabilityPage } from './deliverability/DeliverabilityPage';
export { DeliveryLogPage } from './log/DeliveryLogPage';
export { DomainsPage } from './domains/DomainsPage';
export { MailTrackingPage } from './mailTracking/MailTrackingPage';
export { InboundPage } from './inbound/InboundPage';
export { MailboxesPage } from './mailboxes/MailboxesPage';
export { ProfilePage } from './profile/ProfilePage';
export { SavedResponsesPage } from './responses/SavedResponsesPage';
export { SendingPage } from './sending/SendingPage';
export { SettingsLayout } from './SettingsLayout';
export { SuppressionPage } from './suppression/SuppressionPage';
export { TrackingPage } from './tracking/TrackingPage';
export { UsersPage } from './users/UsersPage';
export { VariablesPage } from './variables/VariablesPage';
export { WebhooksPage } from './webhooks/WebhooksPage';
