import { settleSignIn } from '@/api/resilience';
import { LoginForm } from '@/ui/LoginForm';
import { Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Over the page, so that nothing typed is lost; the refused requests are sent again after signing in. */
export function LoginDialog({ email, opened }: { email: string; opened: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <Modal
      opened={opened}
      onClose={() => settleSignIn(false)}
      title={t('session_ended.title')}
      closeOnClickOutside={false}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('session_ended.text')}
      </Text>
      {opened ? <LoginForm email={email} onSignedIn={() => settleSignIn(true)} /> : null}
    </Modal>
  );
}
