import { api } from '@/api/client';
import { FormSection } from '@/ui/FormSection';
import { toastProblem } from '@/ui/toasts';
import { StatusBadge } from '@/ui/StatusBadge';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconInbox, IconPlayerPause, IconSend, IconServer } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AppLink } from '@/ui/AppLink';
import { LoadedPage } from '../LoadedPage';
import { PauseControl } from './PauseControl';
import { PlanForm } from './plan/PlanForm';
import { SmtpForm } from './SmtpForm';
import { sendingKey } from './sendingKey';

const icons = { account: IconSend, server: IconServer, catcher: IconInbox } as const;

/** Where mail goes out: the account's own server, the one of the installation, or the built-in catcher. */
export function SendingPage() {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const query = api.useQuery('get', '/api/app/sending', {});
  const remove = api.useMutation('delete', '/api/app/sending/smtp', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sendingKey }),
    onError: toastProblem,
  });
  return (
    <LoadedPage
      page="sending"
      query={query}
      status={query.data?.pause ? <StatusBadge tone="waiting" label={t('sending.on_hold')} /> : undefined}
    >
      {({ source, smtp, pause }) => {
        const from = source in icons ? (source as keyof typeof icons) : 'server';
        const Icon = icons[from];
        return (
          <>
            {pause ? (
              <Alert
                color="yellow"
                icon={<IconPlayerPause size={18} aria-hidden />}
                mb="md"
                title={t('sending.on_hold')}
              >
                {t(pause.reason === 'by_user' ? 'sending.held_by_user' : 'sending.held', { detail: pause.detail })}
              </Alert>
            ) : null}
            <Alert
              color={from === 'catcher' ? 'indigo' : 'teal'}
              icon={<Icon size={20} aria-hidden />}
              title={t(`sending.now.${from}`)}
              mb="md"
            >
              <Text size="sm">{t(`sending.now_text.${from}`)}</Text>
              <Group mt="sm" gap="sm">
                {from === 'catcher' ? (
                  <Button component={AppLink} to={'/caught-mail' as string} size="xs" variant="default">
                    {t('sending.open_catcher')}
                  </Button>
                ) : null}
                {from === 'account' ? (
                  <Button size="xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate({})}>
                    {t('sending.stop_using')}
                  </Button>
                ) : null}
              </Group>
            </Alert>
            <FormSection title={t('sending.smtp')} text={t('sending.smtp_text')}>
              <SmtpForm key={JSON.stringify(smtp)} smtp={smtp} />
            </FormSection>
            {from === 'catcher' ? null : <PlanForm />}
            <FormSection title={t('sending.hold')} text={t('sending.hold_text')}>
              <PauseControl paused={pause !== null} />
            </FormSection>
          </>
        );
      }}
    </LoadedPage>
  );
}
