import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { formatNumber } from '@/ui/format';
import { problemText } from '@/ui/problemText';
import { StatusBadge } from '@/ui/StatusBadge';
import { toastProblem } from '@/ui/toasts';
import { Button, Group, Menu, Modal, Select, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../ServerPage';
import classes from '../transactional.module.css';
import { SuppressionsPanel } from './SuppressionsPanel';

type Stream = components['schemas']['MailServersStreamItem'];

/** Streams keep mails of different kinds apart: each has suppressions and figures of its own. */
export function StreamsTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const manages = allows(useSession(), 'manage_sending');
  const queryClient = useQueryClient();
  const [creating, { open, close }] = useDisclosure(false);
  const [shown, setShown] = useState<Stream | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-servers/{id}'] });
  const save = api.useMutation('put', '/api/app/mail-streams/{id}', { onSuccess: changed, onError: toastProblem });
  const archive = (stream: Stream, archived: boolean) =>
    save.mutate({
      params: { path: { id: stream.id } },
      body: { name: stream.name, description: stream.description, unsubscribe: stream.unsubscribe, archived },
    });
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={620}>
          {t('streams.text')}
        </Text>
        {manages ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('streams.create')}
          </Button>
        ) : null}
      </Group>
      <div className={`${classes.card} ${classes.scroll}`} style={{ padding: 0 }}>
        <table className={classes.table}>
          <thead>
            <tr>
              {(['name', 'key', 'kind', 'unsubscribe', 'sent', 'suppressed'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(`streams.${key}`)}
                </th>
              ))}
              <th scope="col">
                <VisuallyHidden>{t('streams.actions')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {server.streams.map((stream) => (
              <tr key={stream.id}>
                <td>
                  <Text size="sm" fw={600}>
                    {stream.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {stream.description}
                  </Text>
                </td>
                <td>
                  <code>{stream.key}</code>
                </td>
                <td>{t(`kind.${stream.kind}`)}</td>
                <td>
                  {stream.archived_at ? (
                    <StatusBadge tone="quiet" label={t('streams.archived')} />
                  ) : stream.kind === 'inbound' ? (
                    ''
                  ) : (
                    t(`unsubscribe.${stream.unsubscribe}`)
                  )}
                </td>
                <td className="tabular">{stream.kind === 'inbound' ? '' : formatNumber(stream.sent)}</td>
                <td className="tabular">
                  {stream.kind === 'inbound' ? (
                    ''
                  ) : (
                    <Button variant="subtle" size="compact-sm" ml={-8} onClick={() => setShown(stream)}>
                      {t('streams.addresses', { count: stream.suppressed })}
                    </Button>
                  )}
                </td>
                <td style={{ textAlign: 'end' }}>
                  {manages && stream.key !== 'outbound' ? (
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <Button
                          variant="subtle"
                          color="gray"
                          size="compact-sm"
                          aria-label={t('streams.actions_of', { name: stream.name })}
                        >
                          <IconDots size={16} aria-hidden />
                        </Button>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item onClick={() => archive(stream, stream.archived_at === null)}>
                          {stream.archived_at === null ? t('streams.archive') : t('streams.restore')}
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <NewStream server={server} opened={creating} onClose={close} onMade={changed} />
      <SuppressionsPanel stream={shown} onClose={() => setShown(null)} onChanged={changed} manages={manages} />
    </Stack>
  );
}

type NewStreamProps = { server: Server; opened: boolean; onClose: () => void; onMade: () => void };

function NewStream({ server, opened, onClose, onMade }: NewStreamProps) {
  const { t } = useTranslation(['transactional', 'common']);
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [kind, setKind] = useState<Stream['kind']>('transactional');
  const create = api.useMutation('post', '/api/app/mail-servers/{id}/streams', {
    onSuccess: () => {
      onMade();
      onClose();
    },
  });
  const errors = create.error ? fieldErrors(create.error) : {};
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('streams.create')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          create.mutate({
            params: { path: { id: server.id } },
            body: { name: name.trim(), key: key.trim(), description: '', kind },
          });
        }}
      >
        <Stack>
          <TextInput
            label={t('streams.name')}
            required
            data-autofocus
            value={name}
            error={errors['name']}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <TextInput
            label={t('streams.key')}
            description={t('streams.key_help')}
            required
            value={key}
            error={errors['key'] ?? (create.error && !errors['name'] ? problemText(create.error).text : undefined)}
            onChange={(e) => setKey(e.currentTarget.value)}
          />
          <Select
            label={t('streams.kind')}
            allowDeselect={false}
            value={kind}
            data={(['transactional', 'broadcasts', 'inbound'] as const).map((value) => ({
              value,
              label: t(`kind.${value}`),
            }))}
            onChange={(value) => setKind((value ?? 'transactional') as Stream['kind'])}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === '' || key.trim() === ''}>
              {t('streams.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
