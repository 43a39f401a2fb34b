import { api } from '@/api/client';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { toastProblem } from '@/ui/toasts';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sendingKey } from './sendingKey';

/** Holds all mail of the account, or lets it go again; nothing is lost by it. */
export function PauseControl({ paused }: { paused: boolean }) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const answers = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sendingKey }),
    onError: toastProblem,
  };
  const pause = api.useMutation('post', '/api/app/sending/pause', answers);
  const resume = api.useMutation('post', '/api/app/sending/resume', answers);
  return paused ? (
    <Button style={{ alignSelf: 'start' }} loading={resume.isPending} onClick={() => resume.mutate({})}>
      {t('sending.resume')}
    </Button>
  ) : (
    <div>
      <ConfirmButton
        title={t('sending.pause')}
        effect={t('sending.pause_effect')}
        confirmLabel={t('sending.pause')}
        onConfirm={() => pause.mutateAsync({})}
      >
        {t('sending.pause')}
      </ConfirmButton>
    </div>
  );
}
