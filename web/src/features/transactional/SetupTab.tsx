import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { CopyButton } from '@/ui/CopyButton';
import { CopyField } from '@/ui/CopyField';
import { FormSection } from '@/ui/FormSection';
import { problemText } from '@/ui/problemText';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Alert, Button, Group, Modal, Select, Stack, Switch, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from './ServerPage';
import classes from './transactional.module.css';

/** Where programs are pointed to, their tokens, and what holds for mails that do not say. */
export function SetupTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const manages = allows(useSession(), 'manage_sending');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [creating, { open, close }] = useDisclosure(false);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-servers/{id}'] });
  const revoke = api.useMutation('delete', '/api/app/mail-tokens/{id}', { onSuccess: changed, onError: toastProblem });
  const remove = api.useMutation('delete', '/api/app/mail-servers/{id}', { onError: toastProblem });
  const host = server.address.replace(/^https?:\/\//, '');
  const secure = server.address.startsWith('https://');
  return (
    <Stack gap="md" maw={880}>
      <FormSection title={t('setup.tokens')} text={t('setup.tokens_text')}>
        {server.tokens.length > 0 ? (
          <div className={classes.scroll}>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('name')}</th>
                  <th scope="col">{t('setup.token')}</th>
                  <th scope="col">{t('setup.last_used')}</th>
                  <th scope="col">
                    <VisuallyHidden>{t('setup.revoke')}</VisuallyHidden>
                  </th>
                </tr>
              </thead>
              <tbody>
                {server.tokens.map((token) => (
                  <tr key={token.id}>
                    <td style={{ fontWeight: 600 }}>{token.name}</td>
                    <td>
                      <code>{token.prefix}…</code>
                    </td>
                    <td>{token.last_used_at ? <When at={token.last_used_at} /> : t('setup.never')}</td>
                    <td style={{ textAlign: 'end' }}>
                      {manages ? (
                        <ConfirmButton
                          title={t('setup.revoke_title', { name: token.name })}
                          effect={t('setup.revoke_effect')}
                          confirmLabel={t('setup.revoke')}
                          danger
                          onConfirm={async () => {
                            await revoke.mutateAsync({ params: { path: { id: token.id } } });
                            toast(t('setup.revoked', { name: token.name }));
                          }}
                        >
                          {t('setup.revoke')}
                        </ConfirmButton>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {t('setup.no_tokens')}
          </Text>
        )}
        {manages ? (
          <Button
            leftSection={<IconKey size={16} aria-hidden />}
            style={{ alignSelf: 'flex-start' }}
            mt="sm"
            onClick={open}
          >
            {t('setup.new_token')}
          </Button>
        ) : null}
      </FormSection>
      <FormSection title={t('setup.connect')} text={t('setup.connect_text')}>
        <CopyField label={t('setup.address')} value={server.address} />
        {server.host ? <CopyField label={t('setup.host')} value={server.host} /> : null}
        <Sample
          label="Node.js"
          code={`const { ServerClient } = require('postmark');\nconst client = new ServerClient('TOKEN', { requestHost: '${host}'${secure ? '' : ', useHttps: false'} });\nawait client.sendEmail({ From: 'you@example.com', To: 'ann@example.com', Subject: 'Hello', TextBody: 'Hello Ann' });`}
        />
        <Sample
          label="curl"
          code={`curl ${server.address}/email \\\n  -H "X-Postmark-Server-Token: TOKEN" -H "Content-Type: application/json" \\\n  -d '{"From":"you@example.com","To":"ann@example.com","Subject":"Hello","TextBody":"Hello Ann"}'`}
        />
      </FormSection>
      {manages ? <Defaults server={server} onSaved={changed} /> : null}
      {manages ? (
        <FormSection title={t('setup.remove')} text={t('setup.remove_text')}>
          <ConfirmButton
            title={t('setup.remove_title', { name: server.name })}
            effect={t('setup.remove_effect')}
            confirmLabel={t('setup.remove')}
            typed={server.name}
            danger
            onConfirm={async () => {
              await remove.mutateAsync({ params: { path: { id: server.id } } });
              await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-servers'] });
              void navigate({ to: '/transactional' as string });
            }}
          >
            {t('setup.remove')}
          </ConfirmButton>
        </FormSection>
      ) : null}
      <NewToken server={server} opened={creating} onClose={close} onMade={changed} />
    </Stack>
  );
}

const Sample = ({ label, code }: { label: string; code: string }) => (
  <div>
    <Group justify="space-between" mb={4}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <CopyButton value={code} label={label} />
    </Group>
    {/* Keyboards scroll it. */}
    {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
    <pre className={classes.pre} tabIndex={0} aria-label={label}>
      {code}
    </pre>
  </div>
);

function Defaults({ server, onSaved }: { server: Server; onSaved: () => void }) {
  const { t } = useTranslation('transactional');
  const save = api.useMutation('put', '/api/app/mail-servers/{id}', { onSuccess: onSaved, onError: toastProblem });
  const change = (part: Partial<Pick<Server, 'name' | 'track_opens' | 'track_links'>>) =>
    save.mutate({
      params: { path: { id: server.id } },
      body: {
        name: server.name,
        color: server.color,
        track_opens: server.track_opens,
        track_links: server.track_links,
        ...part,
      },
    });
  return (
    <FormSection title={t('setup.defaults')} text={t('setup.defaults_text')}>
      <TextInput
        key={server.name}
        label={t('name')}
        defaultValue={server.name}
        maxLength={200}
        onBlur={(e) => {
          const name = e.currentTarget.value.trim();
          if (name !== '' && name !== server.name) change({ name });
        }}
      />
      <Switch
        label={t('setup.track_opens')}
        checked={server.track_opens}
        onChange={(e) => change({ track_opens: e.currentTarget.checked })}
      />
      <Select
        label={t('setup.track_links')}
        allowDeselect={false}
        value={server.track_links}
        data={(['none', 'html_only', 'text_only', 'html_and_text'] as const).map((value) => ({
          value,
          label: t(`links.${value}`),
        }))}
        onChange={(value) => (value ? change({ track_links: value as Server['track_links'] }) : undefined)}
      />
    </FormSection>
  );
}

type NewTokenProps = { server: Server; opened: boolean; onClose: () => void; onMade: () => void };

/** Names the token, then shows it: the only time it can be read. */
function NewToken({ server, opened, onClose, onMade }: NewTokenProps) {
  const { t } = useTranslation(['transactional', 'common']);
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/app/mail-servers/{id}/tokens', { onSuccess: onMade });
  const close = () => {
    setName('');
    create.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('setup.new_token')}
      closeOnClickOutside={!create.data}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      {create.data ? (
        <Stack>
          <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {t('setup.once')}
          </Alert>
          <CopyField label={t('setup.token')} value={create.data.token} />
          <Group justify="flex-end">
            <Button onClick={close}>{t('setup.stored')}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            create.mutate({ params: { path: { id: server.id } }, body: { name: name.trim() } });
          }}
        >
          <Stack>
            <TextInput
              label={t('name')}
              description={t('setup.token_help')}
              required
              maxLength={100}
              data-autofocus
              value={name}
              error={create.error ? problemText(create.error).text : undefined}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('cancel', { ns: 'common' })}
              </Button>
              <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
                {t('setup.new_token')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
