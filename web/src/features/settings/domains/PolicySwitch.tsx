import { api } from '@/api/client';
import { toastProblem } from '@/ui/toasts';
import { Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';
import { domainsKey } from './domainsKey';

/** Whether mail of senders outside the verified domains is held; saved at once. */
export function PolicySwitch({ refused, byServer }: { refused: boolean; byServer: boolean }) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const save = api.useMutation('put', '/api/app/sender-policy', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: domainsKey }),
    onError: toastProblem,
  });
  return (
    <section className={classes.card}>
      <Switch
        label={t('domains.policy.label')}
        description={t(byServer ? 'domains.policy.by_server' : refused ? 'domains.policy.on' : 'domains.policy.off')}
        checked={save.isPending ? save.variables.body.refuse_unverified : refused}
        disabled={byServer}
        onChange={(e) => save.mutate({ body: { refuse_unverified: e.currentTarget.checked } })}
      />
    </section>
  );
}
