import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { ActionIcon, Alert, Badge, Button, Group, Menu, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconDots, IconMailbox, IconPencil, IconPlugConnectedX, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MailboxDialog } from './MailboxDialog';

export type MailboxItem = components['schemas']['MailboxView'];
export const mailboxesKey = ['get', '/api/app/mailboxes'];

/** The mailboxes that the user writes 1:1 e-mails from. */
export function MailboxesPage() {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const list = api.useQuery('get', '/api/app/mailboxes', {});
  const [edited, setEdited] = useState<MailboxItem | 'new' | null>(null);
  const [removed, setRemoved] = useState<MailboxItem | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: mailboxesKey });
  const remove = api.useMutation('delete', '/api/app/mailboxes/{id}', {
    onSuccess: async () => {
      toast(t('mailboxes.removed'));
      await refresh();
    },
    onError: toastProblem,
  });
  const check = api.useMutation('post', '/api/app/mailboxes/{id}/check', {
    onSuccess: async () => {
      toast(t('mailboxes.checking'));
      await refresh();
    },
    onError: toastProblem,
  });
  const boxes = list.data?.mailboxes ?? [];
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
      {t('mailboxes.add')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('mailboxes.title')}
        area={t('title')}
        subtitle={t('mailboxes.text')}
        {...(boxes.length > 0 ? { main: add } : {})}
      />
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton height={120} /> : null}
      {list.data && boxes.length === 0 ? (
        <EmptyState icon={IconMailbox} title={t('mailboxes.none')} text={t('mailboxes.none_text')} action={add} />
      ) : null}
      <Stack>
        {boxes.map((box) => (
          <Paper key={box.id} withBorder p="md" radius="md" component="section" aria-label={box.email}>
            <Group justify="space-between" wrap="nowrap" align="start">
              <div>
                <Group gap="sm">
                  <Title order={2} fz={16}>
                    {box.email}
                  </Title>
                  <Badge variant="light" color={box.error_code ? 'red' : 'teal'}>
                    {t(box.error_code ? 'mailboxes.trouble' : 'mailboxes.ok')}
                  </Badge>
                </Group>
                <Text size="sm" c="dimmed">
                  {box.imap_host} · {box.smtp_host}
                </Text>
                <Text size="sm" c="dimmed">
                  {box.read_at ? <When at={box.read_at} /> : t('mailboxes.never')}
                </Text>
              </div>
              <Menu position="bottom-end" width={200}>
                <Menu.Target>
                  <ActionIcon variant="default" size={32} aria-label={t('mailboxes.edit')}>
                    <IconDots size={16} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconRefresh size={16} aria-hidden />}
                    onClick={() => check.mutate({ params: { path: { id: box.id } } })}
                  >
                    {t('mailboxes.check')}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEdited(box)}>
                    {t('mailboxes.edit')}
                  </Menu.Item>
                  <Menu.Item
                    color="red"
                    leftSection={<IconPlugConnectedX size={16} aria-hidden />}
                    onClick={() => setRemoved(box)}
                  >
                    {t('mailboxes.remove')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Group>
            {box.error ? (
              <Alert color="red" mt="sm">
                {box.error}
              </Alert>
            ) : null}
          </Paper>
        ))}
      </Stack>
      {edited === null ? null : (
        <MailboxDialog box={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed === null ? null : (
        <ConfirmDialog
          opened
          danger
          onClose={() => setRemoved(null)}
          title={t('mailboxes.remove_title', { email: removed.email })}
          effect={t('mailboxes.remove_effect')}
          confirmLabel={t('mailboxes.remove_confirm')}
          onConfirm={() => remove.mutateAsync({ params: { path: { id: removed.id } } }).catch(() => {})}
        />
      )}
    </>
  );
}
