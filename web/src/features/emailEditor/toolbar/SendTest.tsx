import { api } from '@/api/client';
import { useSession } from '@/api/session';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Tooltip } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { messageId?: number; flush: () => Promise<void> };

/** To oneself, as it stands: what is not saved yet is saved first. */
export function SendTest({ messageId, flush }: Props) {
  const { t } = useTranslation('emailEditor');
  const { user } = useSession();
  const id = useId();
  const [busy, setBusy] = useState(false);
  const send = api.useMutation('post', '/api/app/messages/{id}/test', {
    onSuccess: () => toast(t('test.sent', { email: user.email })),
    onError: toastProblem,
  });
  const run = async (message: number) => {
    setBusy(true);
    try {
      await flush();
      await send.mutateAsync({ params: { path: { id: message } }, body: {} });
    } catch {
      // Said already: by the save text, or by the toast.
    } finally {
      setBusy(false);
    }
  };
  const reason = messageId === undefined ? t('test.step') : undefined;
  return (
    <Tooltip label={reason ?? t('test.to', { email: user.email })} multiline maw={280}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        loading={busy}
        {...(reason ? { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': id } : {})}
        onClick={(e) => (messageId === undefined ? e.preventDefault() : void run(messageId))}
      >
        {t('test.send')}
        {reason ? (
          <span id={id} hidden>
            {reason}
          </span>
        ) : null}
      </Button>
    </Tooltip>
  );
}
