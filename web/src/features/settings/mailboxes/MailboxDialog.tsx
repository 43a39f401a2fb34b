import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import {
  Alert,
  Button,
  Checkbox,
  Fieldset,
  Group,
  Modal,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mailboxesKey, type MailboxItem } from './MailboxesPage';

type Input = components['schemas']['MailboxInput'];
type Tls = Input['imap_tls'];

const securities = ['implicit', 'start_tls', 'none'] as const;
const ports = {
  imap: { implicit: 993, start_tls: 143, none: 143 },
  smtp: { implicit: 465, start_tls: 587, none: 25 },
} as const;

/** Servers of what somebody types as his address, as most providers name them. */
const guess = (email: string) => {
  const domain = email.split('@')[1] ?? '';
  return domain === '' ? {} : { imap_host: `imap.${domain}`, smtp_host: `smtp.${domain}` };
};

export function MailboxDialog({ box, onClose }: { box: MailboxItem | null; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      email: box?.email ?? '',
      name: box?.name ?? '',
      imap_host: box?.imap_host ?? '',
      imap_port: box?.imap_port ?? 993,
      imap_tls: box?.imap_tls ?? ('implicit' as Tls),
      smtp_host: box?.smtp_host ?? '',
      smtp_port: box?.smtp_port ?? 465,
      smtp_tls: box?.smtp_tls ?? ('implicit' as Tls),
      user_name: box?.user_name ?? '',
      password: '',
      sent_folder: box?.sent_folder ?? '',
      files_sent: box?.files_sent ?? true,
    },
  });
  const done = async (message: string) => {
    toast(message);
    await queryClient.invalidateQueries({ queryKey: mailboxesKey });
    onClose();
  };
  const onError = (error: unknown) => form.setErrors(fieldErrors(error));
  const add = api.useMutation('post', '/api/app/mailboxes', {
    onSuccess: () => done(t('mailboxes.connected')),
    onError,
  });
  const save = api.useMutation('put', '/api/app/mailboxes/{id}', {
    onSuccess: () => done(t('mailboxes.saved')),
    onError,
  });
  const error = add.error ?? save.error;
  const submit = (values: typeof form.values) => {
    const body: Input = {
      ...values,
      user_name: values.user_name.trim() || values.email.trim(),
      password: values.password === '' && box ? null : values.password,
      sent_folder: values.sent_folder.trim() || null,
    };
    if (box) save.mutate({ params: { path: { id: box.id } }, body });
    else add.mutate({ body });
  };
  const server = (which: 'imap' | 'smtp') => (
    <Fieldset legend={t(`mailboxes.${which}`)}>
      <Stack gap="sm">
        <TextInput label={t('mailboxes.host')} required {...form.getInputProps(`${which}_host`)} />
        <SimpleGrid cols={2}>
          <Select
            label={t('mailboxes.security')}
            allowDeselect={false}
            data={securities.map((value) => ({ value, label: t(`mailboxes.securities.${value}`) }))}
            {...form.getInputProps(`${which}_tls`)}
            onChange={(value) => {
              const tls = (value ?? 'implicit') as Tls;
              form.setValues({ [`${which}_tls`]: tls, [`${which}_port`]: ports[which][tls] });
            }}
          />
          <NumberInput
            label={t('mailboxes.port')}
            min={1}
            max={65535}
            allowDecimal={false}
            required
            {...form.getInputProps(`${which}_port`)}
          />
        </SimpleGrid>
      </Stack>
    </Fieldset>
  );
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(box ? 'mailboxes.edit' : 'mailboxes.add')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          {error && Object.keys(fieldErrors(error)).length === 0 ? (
            <Alert color="red" role="alert">
              {problemText(error).text}
            </Alert>
          ) : null}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t('mailboxes.email')}
              type="email"
              required
              data-autofocus
              {...form.getInputProps('email')}
              onBlur={() => {
                if (form.values.imap_host === '' && form.values.smtp_host === '')
                  form.setValues(guess(form.values.email));
              }}
            />
            <TextInput
              label={t('mailboxes.name')}
              description={t('mailboxes.name_help')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('name')}
            />
            <TextInput
              label={t('mailboxes.user')}
              description={t('mailboxes.user_help')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder={form.values.email}
              autoComplete="off"
              {...form.getInputProps('user_name')}
            />
            <PasswordInput
              label={t('mailboxes.password')}
              description={t('mailboxes.password_help')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              autoComplete="new-password"
              required={box === null}
              placeholder={box ? t('mailboxes.password_kept') : ''}
              {...form.getInputProps('password')}
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {server('imap')}
            {server('smtp')}
          </SimpleGrid>
          <Checkbox label={t('mailboxes.files_sent')} {...form.getInputProps('files_sent', { type: 'checkbox' })} />
          {form.values.files_sent ? (
            <TextInput
              label={t('mailboxes.folder')}
              description={t('mailboxes.folder_help')}
              {...form.getInputProps('sent_folder')}
            />
          ) : null}
          <Group justify="space-between">
            <Text size="xs" c="dimmed">
              {t('mailboxes.trying')}
            </Text>
            <Group>
              <Button variant="default" onClick={onClose}>
                {t('cancel', { ns: 'common' })}
              </Button>
              <Button type="submit" loading={add.isPending || save.isPending}>
                {t('mailboxes.save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
