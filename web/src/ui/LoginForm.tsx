import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { sessionQuery } from '@/api/session';
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemText } from './problemText';

/** Signs in; used by the page and by the dialog over a page whose session ended. */
export function LoginForm({ email = '', onSignedIn }: { email?: string; onSignedIn: () => void }) {
  const { t } = useTranslation('ui');
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { email, password: '' } });
  const signIn = api.useMutation('post', '/api/app/session', {
    onSuccess: (session) => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      onSignedIn();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const refused = signIn.error && toProblem(signIn.error);
  const text =
    refused &&
    (refused.status === 401 ? t('login.wrong') : refused.errors.length === 0 ? problemText(refused).text : null);

  return (
    <form onSubmit={form.onSubmit((body) => signIn.mutate({ body }))}>
      <Stack>
        {text ? (
          <Alert color="red" role="alert">
            {text}
          </Alert>
        ) : null}
        <TextInput
          label={t('login.email')}
          type="email"
          required
          autoComplete="username"
          autoFocus={email === ''}
          size="md"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('login.password')}
          required
          autoComplete="current-password"
          autoFocus={email !== ''}
          size="md"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  );
}
