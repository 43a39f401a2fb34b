import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ErrorState } from '@/ui/ErrorState';
import { problemText } from '@/ui/problemText';
import { SidePanel } from '@/ui/SidePanel';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../transactional.module.css';

type Stream = components['schemas']['MailServersStreamItem'];
type Props = { stream: Stream | null; onClose: () => void; onChanged: () => void; manages: boolean };

/** To whom a stream sends nothing, and why. */
export function SuppressionsPanel({ stream, onClose, onChanged, manages }: Props) {
  const { t } = useTranslation('transactional');
  const queryClient = useQueryClient();
  const [address, setAddress] = useState('');
  const id = stream?.id ?? 0;
  const path = '/api/app/mail-streams/{id}/suppressions';
  const query = api.useQuery('get', path, { params: { path: { id }, query: {} } }, { enabled: stream !== null });
  const changed = () => {
    setAddress('');
    void queryClient.invalidateQueries({ queryKey: ['get', path] });
    onChanged();
  };
  const add = api.useMutation('post', path, { onSuccess: changed });
  const lift = api.useMutation('post', '/api/app/mail-streams/{id}/suppressions/lift', {
    onSuccess: changed,
    onError: toastProblem,
  });
  return (
    <SidePanel
      opened={stream !== null}
      onClose={onClose}
      title={t('suppressions.title', { name: stream?.name ?? '' })}
      width={560}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t('suppressions.text')}
        </Text>
        {manages ? (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              add.mutate({ params: { path: { id } }, body: { address: address.trim() } });
            }}
          >
            <Group align="flex-end" wrap="nowrap">
              <TextInput
                label={t('suppressions.address')}
                type="email"
                style={{ flex: 1 }}
                value={address}
                error={add.error ? problemText(add.error).text : undefined}
                onChange={(e) => setAddress(e.currentTarget.value)}
              />
              <Button type="submit" loading={add.isPending} disabled={address.trim() === ''}>
                {t('suppressions.add')}
              </Button>
            </Group>
          </form>
        ) : null}
        {query.error ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data?.suppressions.length === 0 ? (
          <Text size="sm">{t('suppressions.none')}</Text>
        ) : (
          <table className={classes.table}>
            <tbody>
              {query.data?.suppressions.map((s) => (
                <tr key={s.address}>
                  <td>
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                      {s.address}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {t(`reason.${s.reason}`)}, <When at={s.created_at} />
                    </Text>
                  </td>
                  <td style={{ textAlign: 'end' }}>
                    {manages && s.reason !== 'spam_complaint' ? (
                      <Button
                        variant="default"
                        size="compact-sm"
                        aria-label={t('suppressions.lift_of', { address: s.address })}
                        onClick={() => lift.mutate({ params: { path: { id } }, body: { address: s.address } })}
                      >
                        {t('suppressions.lift')}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {query.data?.next ? (
          <Text size="xs" c="dimmed">
            {t('suppressions.more')}
          </Text>
        ) : null}
      </Stack>
    </SidePanel>
  );
}
