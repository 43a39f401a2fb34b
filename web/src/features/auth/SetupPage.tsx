import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { sessionQuery } from '@/api/session';
import { Logo } from '@/ui/Logo';
import { problemText } from '@/ui/problemText';
import {
  Alert,
  Button,
  Divider,
  Group,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Welcome } from './Welcome';
import classes from './auth.module.css';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC')];
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const minPassword = 12;

/** First run: the account, its first user, and who the mail is from. */
export function SetupPage() {
  const { t } = useTranslation('auth');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const state = api.useQuery('get', '/api/app/setup', {});
  const form = useForm({
    initialValues: {
      account_name: '',
      name: '',
      email: '',
      password: '',
      time_zone: here,
      sender_name: '',
      sender_address: '',
    },
    validate: {
      password: (value) => (value.length < minPassword ? t('setup.password_short', { count: minPassword }) : null),
    },
  });
  const setUp = api.useMutation('post', '/api/app/setup', {
    onSuccess: (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      void navigate({ to: '/' });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const refused = setUp.error && toProblem(setUp.error);
  const done = state.data?.required === false;

  return (
    <div className={classes.split}>
      <title>{`${t('setup.title')} - Millrace`}</title>
      <main id="main" className={classes.side}>
        <Stack className={classes.wideForm} gap="lg">
          <Group gap="sm">
            <Logo size={36} />
            <Text fw={600} fz={20}>
              Millrace
            </Text>
          </Group>
          <div>
            <Title order={1} fz={24} tabIndex={-1}>
              {done ? t('setup.done') : t('setup.title')}
            </Title>
            <Text c="dimmed">{done ? t('setup.done_text') : t('setup.text')}</Text>
          </div>
          {done ? (
            <Button onClick={() => void navigate({ to: '/login' })}>{t('setup.sign_in')}</Button>
          ) : (
            <form onSubmit={form.onSubmit((body) => setUp.mutate({ body }))}>
              <Stack gap="md">
                {refused && refused.errors.length === 0 ? (
                  <Alert color="red" role="alert">
                    {problemText(refused).text}
                  </Alert>
                ) : null}
                <TextInput
                  label={t('setup.account_name')}
                  placeholder="Acme"
                  required
                  autoFocus
                  autoComplete="organization"
                  {...form.getInputProps('account_name')}
                />
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
                  <TextInput label={t('setup.name')} required autoComplete="name" {...form.getInputProps('name')} />
                  <Select
                    label={t('setup.time_zone')}
                    data={zones}
                    searchable
                    required
                    allowDeselect={false}
                    {...form.getInputProps('time_zone')}
                  />
                </SimpleGrid>
                <TextInput
                  label={t('setup.email')}
                  type="email"
                  required
                  autoComplete="username"
                  {...form.getInputProps('email')}
                />
                <PasswordInput
                  label={t('setup.password')}
                  description={t('setup.password_help', { count: minPassword })}
                  required
                  autoComplete="new-password"
                  {...form.getInputProps('password')}
                />
                <Divider label={t('setup.sender')} labelPosition="left" />
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
                  <TextInput
                    label={t('setup.sender_name')}
                    placeholder="Acme"
                    required
                    {...form.getInputProps('sender_name')}
                  />
                  <TextInput
                    label={t('setup.sender_address')}
                    placeholder="1 Mill Road, 12345 Milltown"
                    required
                    {...form.getInputProps('sender_address')}
                  />
                </SimpleGrid>
                <Button type="submit" size="md" mt="xs" loading={setUp.isPending}>
                  {t('setup.submit')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </main>
      <Welcome points={['contacts', 'first', 'catcher']} heading={t('setup.next')} />
    </div>
  );
}
