import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { problemText } from '@/ui/problemText';
import { toastProblem } from '@/ui/toasts';
import {
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  PasswordInput,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPencil, IconPlus, IconWebhook } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from './ServerPage';
import classes from './transactional.module.css';

type Webhook = components['schemas']['MailWebhooksWebhookItem'];
const path = '/api/app/mail-servers/{id}/webhooks';
const events = ['delivered', 'bounced', 'complained', 'opened', 'clicked', 'unsubscribed', 'inbound'] as const;

/** Who is called when something happens. */
export function WebhooksTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const manages = allows(useSession(), 'manage_sending');
  const queryClient = useQueryClient();
  const [edited, setEdited] = useState<Webhook | 'new' | null>(null);
  const query = api.useQuery('get', path, { params: { path: { id: server.id } } });
  const changed = () => queryClient.invalidateQueries({ queryKey: ['get', path] });
  const remove = api.useMutation('delete', '/api/app/mail-webhooks/{id}', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const create = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
      {t('hooks.create')}
    </Button>
  ) : undefined;
  if (query.data === undefined)
    return query.error ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={160} radius="md" aria-busy="true" />
    );
  return (
    <Stack>
      {query.data.webhooks.length === 0 ? (
        <EmptyState icon={IconWebhook} title={t('hooks.none')} text={t('hooks.none_text')} action={create} />
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm" c="dimmed" maw={620}>
              {t('hooks.text')}
            </Text>
            {create}
          </Group>
          {query.data.webhooks.map((hook) => (
            <Group key={hook.id} className={classes.card} justify="space-between" wrap="wrap">
              <div style={{ minWidth: 0 }}>
                <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {hook.url}
                </Text>
                <Group gap={6} mt={6}>
                  <Badge variant="light">{hook.stream}</Badge>
                  {hook.wants.map((want) => (
                    <Badge key={want} variant="light" color="gray" tt="none" fw={500}>
                      {t(`want.${want}`)}
                    </Badge>
                  ))}
                </Group>
              </div>
              {manages ? (
                <Group gap={8}>
                  <Button
                    variant="default"
                    leftSection={<IconPencil size={15} aria-hidden />}
                    onClick={() => setEdited(hook)}
                  >
                    {t('hooks.edit')}
                  </Button>
                  <ConfirmButton
                    title={t('hooks.delete')}
                    effect={t('hooks.delete_effect', { url: hook.url })}
                    confirmLabel={t('hooks.delete')}
                    danger
                    onConfirm={() => remove.mutateAsync({ params: { path: { id: hook.id } } })}
                  >
                    {t('hooks.delete')}
                  </ConfirmButton>
                </Group>
              ) : null}
            </Group>
          ))}
        </>
      )}
      {edited === null ? null : (
        <WebhookDialog
          server={server}
          hook={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={changed}
        />
      )}
    </Stack>
  );
}

type DialogProps = { server: Server; hook: Webhook | null; onClose: () => void; onSaved: () => void };

function WebhookDialog({ server, hook, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation(['transactional', 'common']);
  const [url, setUrl] = useState(hook?.url ?? 'https://');
  const [stream, setStream] = useState(hook?.stream ?? 'outbound');
  const [wants, setWants] = useState<string[]>(hook ? [...hook.wants] : ['delivered', 'bounced', 'complained']);
  const [firstOpen, setFirstOpen] = useState(hook?.first_open ?? false);
  const [user, setUser] = useState(hook?.user_name ?? '');
  const [password, setPassword] = useState('');
  const done = {
    onSuccess: () => {
      onSaved();
      onClose();
    },
  };
  const create = api.useMutation('post', path, done);
  const save = api.useMutation('put', '/api/app/mail-webhooks/{id}', done);
  const error = create.error ?? save.error;
  const errors = error ? fieldErrors(error) : {};
  const submit = () => {
    const body = {
      url: url.trim(),
      stream,
      wants,
      first_open: firstOpen,
      user_name: user || null,
      password: password || null,
    };
    if (hook) save.mutate({ params: { path: { id: hook.id } }, body });
    else create.mutate({ params: { path: { id: server.id } }, body });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={hook ? t('hooks.edit') : t('hooks.create')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          submit();
        }}
      >
        <Stack>
          <TextInput
            label={t('hooks.url')}
            description={t('hooks.url_help')}
            required
            data-autofocus
            value={url}
            error={errors['url'] ?? (error && Object.keys(errors).length === 0 ? problemText(error).text : undefined)}
            onChange={(e) => setUrl(e.currentTarget.value)}
          />
          {hook ? null : (
            <Select
              label={t('mail.stream')}
              allowDeselect={false}
              value={stream}
              data={server.streams.map((s) => ({ value: s.key, label: s.name }))}
              onChange={(value) => setStream(value ?? 'outbound')}
            />
          )}
          <Checkbox.Group label={t('hooks.wants')} value={wants} onChange={setWants}>
            <Group mt={6} gap="md">
              {events.map((event) => (
                <Checkbox key={event} value={event} label={t(`want.${event}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          {wants.includes('opened') ? (
            <Checkbox
              label={t('hooks.first_open')}
              checked={firstOpen}
              onChange={(e) => setFirstOpen(e.currentTarget.checked)}
            />
          ) : null}
          <Group grow align="flex-start">
            <TextInput label={t('hooks.user')} value={user} onChange={(e) => setUser(e.currentTarget.value)} />
            <PasswordInput
              label={t('hooks.password')}
              placeholder={hook?.has_password ? t('hooks.keeps') : ''}
              value={password}
              autoComplete="new-password"
              onChange={(e) => setPassword(e.currentTarget.value)}
            />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={create.isPending || save.isPending} disabled={wants.length === 0}>
              {hook ? t('hooks.save') : t('hooks.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
