import { api } from '@/api/client';
import { problemKind, toProblem } from '@/api/problem';
import type { components } from '@/api/schema';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { StatusBadge } from '@/ui/StatusBadge';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Badge, Button, Group, Select, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

type Props = { user: components['schemas']['UserRow']; isMe: boolean; mayChange: boolean };

export function UserRow({ user, isMe, mayChange }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure(false);
  const name = `${user.first_name} ${user.last_name}`.trim() || user.email;
  const change = api.useMutation('patch', '/api/app/users/{id}', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/users'] }),
    onError: (error) => {
      if (problemKind(error) !== 'conflict' || toProblem(error).code !== 'last_admin') return toastProblem(error);
      notifications.show({
        title: t('users.last_admin'),
        message: t('users.last_admin_text'),
        color: 'red',
        role: 'alert',
      });
    },
  });
  const send = (body: components['schemas']['UserChange']) =>
    change.mutateAsync({ params: { path: { id: user.id } }, body }).catch(() => {});
  return (
    <tr>
      <td>
        <Group gap={8} wrap="nowrap">
          <div>
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {user.email}
            </Text>
          </div>
          {isMe ? <Badge color="gray">{t('users.you')}</Badge> : null}
        </Group>
      </td>
      <td>
        {mayChange ? (
          <Select
            size="xs"
            w={120}
            aria-label={t('users.role_of', { name })}
            data={(['admin', 'user'] as const).map((value) => ({ value, label: t(`users.roles.${value}`) }))}
            value={user.role}
            allowDeselect={false}
            disabled={change.isPending}
            onChange={(role) => void (role && role !== user.role && send({ role: role as 'admin' | 'user' }))}
          />
        ) : (
          t(`users.roles.${user.role}`)
        )}
      </td>
      <td>
        <StatusBadge
          tone={user.disabled ? 'quiet' : 'good'}
          label={t(user.disabled ? 'users.disabled' : 'users.active')}
        />
      </td>
      <td>
        <When at={user.created_at} />
      </td>
      <td style={{ textAlign: 'end' }}>
        {!mayChange ? null : user.disabled ? (
          <Button size="compact-sm" variant="default" onClick={() => void send({ disabled: false })}>
            {t('users.enable')}
          </Button>
        ) : (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={open}>
            {t('users.disable')}
          </Button>
        )}
        <ConfirmDialog
          opened={asking}
          onClose={close}
          title={t('users.disable_title', { name })}
          effect={t('users.disable_effect')}
          confirmLabel={t('users.disable_confirm')}
          danger
          onConfirm={() => send({ disabled: true })}
        />
      </td>
    </tr>
  );
}
