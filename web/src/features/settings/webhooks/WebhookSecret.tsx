import { api } from '@/api/client';
import { CopyButton } from '@/ui/CopyButton';
import { PasswordInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';

/** The secret every post is signed with; hidden until asked for. */
export function WebhookSecret() {
  const { t } = useTranslation('settings');
  const query = api.useQuery('get', '/api/app/webhook-secret', {});
  return (
    <section className={classes.card} style={{ marginBottom: 16 }}>
      <PasswordInput
        label={t('webhooks.secret')}
        description={t('webhooks.secret_text')}
        readOnly
        maw={560}
        value={query.data?.secret ?? ''}
        visibilityToggleButtonProps={{ 'aria-label': t('webhooks.show_secret'), 'aria-hidden': false, tabIndex: 0 }}
        leftSection={<CopyButton value={query.data?.secret ?? ''} label={t('webhooks.secret')} />}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {t('webhooks.verify')}
      </Text>
    </section>
  );
}
