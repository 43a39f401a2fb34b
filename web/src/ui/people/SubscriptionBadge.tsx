import type { components } from '@/api/schema';
import { useTranslation } from 'react-i18next';
import { StatusBadge, type Tone } from '../StatusBadge';

export type SubscriptionStatus = NonNullable<components['schemas']['SubscriptionStatus']>;

export const subscriptionTones: Record<SubscriptionStatus, Tone> = {
  active: 'good',
  unconfirmed: 'waiting',
  unsubscribed: 'quiet',
  bounced: 'bad',
};

export function SubscriptionBadge({ status }: { status: SubscriptionStatus | null }) {
  const { t } = useTranslation('ui');
  if (status === null) return null;
  return <StatusBadge tone={subscriptionTones[status]} label={t(`subscription.${status}`)} />;
}
