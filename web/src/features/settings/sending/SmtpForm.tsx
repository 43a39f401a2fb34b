import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, NumberInput, PasswordInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sendingKey } from './sendingKey';
import { TestResultDialog } from './TestResultDialog';

type Input = components['schemas']['SmtpSettingsSmtpInput'];
type Props = { smtp: components['schemas']['SmtpSettingsSmtpView'] | null };

const securities = ['start_tls', 'implicit', 'none'] as const;
const usualPort = { start_tls: 587, implicit: 465, none: 25 } as const;

/** The fields depend on each other, so they are saved together; a stored password is kept unless a new one is typed. */
export function SmtpForm({ smtp }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [shown, setShown] = useState(false);
  const [to, setTo] = useState('');
  const [tried, setTried] = useState({ host: '', to: '' });
  const form = useForm({
    initialValues: {
      host: smtp?.host ?? '',
      port: smtp?.port ?? 587,
      tls: smtp?.tls ?? ('start_tls' as Input['tls']),
      user_name: smtp?.user_name ?? '',
      password: '',
    },
  });
  const [toError, setToError] = useState<string | undefined>();
  const onError = (error: unknown) => {
    const { to: aboutTo, ...rest } = fieldErrors(error);
    form.setErrors(rest);
    setToError(aboutTo);
  };
  const body = (): Input => ({
    ...form.values,
    host: form.values.host.trim(),
    user_name: form.values.user_name.trim() || null,
    password: form.values.password === '' && smtp?.has_secret ? null : form.values.password,
  });
  const save = api.useMutation('put', '/api/app/sending/smtp', {
    onSuccess: async () => {
      toast(t('sending.saved'));
      await queryClient.invalidateQueries({ queryKey: sendingKey });
    },
    onError,
  });
  const test = api.useMutation('post', '/api/app/sending/smtp/test', { onSuccess: () => setShown(true), onError });
  const refused = [save.error, test.error].map((e) => e && toProblem(e)).find((p) => p && p.errors.length === 0);
  return (
    <form onSubmit={form.onSubmit(() => save.mutate({ body: body() }))}>
      <Stack gap="md">
        {refused ? (
          <Alert color="red" role="alert">
            {problemText(refused).text}
          </Alert>
        ) : null}
        <TextInput label={t('sending.host')} placeholder="smtp.acme.example" required {...form.getInputProps('host')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label={t('sending.security')}
            description={t(`sending.security_text.${form.values.tls}`)}
            data={securities.map((value) => ({ value, label: t(`sending.securities.${value}`) }))}
            allowDeselect={false}
            value={form.values.tls}
            onChange={(value) => {
              const tls = (value ?? 'start_tls') as Input['tls'];
              const wasUsual = Object.values(usualPort).some((p) => p === form.values.port);
              form.setValues({ tls, ...(wasUsual ? { port: usualPort[tls] } : {}) });
            }}
          />
          <NumberInput
            label={t('sending.port')}
            description={t('sending.port_text')}
            required
            min={1}
            max={65535}
            allowDecimal={false}
            {...form.getInputProps('port')}
          />
          <TextInput label={t('sending.user')} autoComplete="off" {...form.getInputProps('user_name')} />
          <PasswordInput
            label={t('sending.password')}
            autoComplete="new-password"
            placeholder={smtp?.has_secret ? t('sending.password_kept') : ''}
            {...form.getInputProps('password')}
          />
        </SimpleGrid>
        <TextInput
          label={t('sending.test_to')}
          description={t('sending.test_to_text')}
          type="email"
          placeholder="you@acme.example"
          value={to}
          error={toError}
          onChange={(e) => {
            setTo(e.currentTarget.value);
            setToError(undefined);
          }}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('sending.save')}
          </Button>
          <Button
            variant="default"
            loading={test.isPending}
            disabled={form.values.host.trim() === ''}
            onClick={() => {
              setTried({ host: form.values.host, to: to.trim() });
              test.mutate({ body: { ...body(), to: to.trim() } });
            }}
          >
            {t(to.trim() === '' ? 'sending.test' : 'sending.test_send')}
          </Button>
        </Group>
      </Stack>
      {test.data ? (
        <TestResultDialog opened={shown} onClose={() => setShown(false)} result={test.data} {...tried} />
      ) : null}
    </form>
  );
}
