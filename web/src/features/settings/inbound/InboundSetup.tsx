import { api } from '@/api/client';
import { CopyField } from '@/ui/CopyField';
import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Whether mail can come in at all, and the address that mail providers' feedback loops want. */
export function InboundSetup() {
  const { t } = useTranslation('settings');
  const { data } = api.useQuery('get', '/api/app/inbound-setup', {});
  if (data === undefined) return null;
  if (!data.is_on)
    return (
      <Alert color="yellow" icon={<IconInfoCircle size={18} aria-hidden />} title={t('inbound.off')} mb="md">
        {t('inbound.off_text')}
      </Alert>
    );
  const address = data.feedback_addresses[0];
  return address === undefined ? null : (
    <details style={{ marginBottom: 12 }}>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {t('inbound.loops')}
      </Text>
      <Text size="sm" c="dimmed" mt={4} mb={6} maw={640}>
        {t('inbound.loops_text')}
      </Text>
      <CopyField value={address} label={t('inbound.feedback_address')} />
    </details>
  );
}
