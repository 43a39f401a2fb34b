import type { components } from '@/api/schema';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';

/** What readers will find at the foot of a mail; an empty address is said to be missing, for mails may not go without. */
export function FooterPreview({ account }: { account: components['schemas']['AccountSettings'] }) {
  const { t } = useTranslation('settings');
  const [first = '', ...rest] = account.sender_address.split('\n').map((l) => l.trim());
  // An address that begins with the name says it once, as the mails do.
  const isNamed = first.toLowerCase() === account.sender_name.trim().toLowerCase();
  const lines = [isNamed ? '' : account.sender_name.trim(), first, ...rest].filter(Boolean);
  return (
    <figure className={classes.card} style={{ margin: 0 }}>
      <Text component="figcaption" size="xs" c="dimmed" mb={6}>
        {t('account.footer')}
      </Text>
      <Text size="sm" ta="center" c="dimmed">
        {lines.length === 0 ? t('account.footer_empty') : lines.join(', ')}
        <br />
        <span style={{ textDecoration: 'underline' }}>{t('account.unsubscribe')}</span>
      </Text>
      {account.sender_address.trim() === '' ? (
        <Text size="sm" c="var(--mantine-color-error)" mt={8}>
          {t('account.address_missing')}
        </Text>
      ) : null}
    </figure>
  );
}
