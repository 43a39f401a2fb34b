import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

const minLength = 12;

/** Changing it signs out every other browser. */
export function PasswordForm({ email }: { email: string }) {
  const { t } = useTranslation('settings');
  const form = useForm({
    initialValues: { current: '', replacement: '' },
    validate: { replacement: (v) => (v.length < minLength ? t('profile.password_short', { count: minLength }) : null) },
  });
  const change = api.useMutation('put', '/api/app/profile/password', {
    onSuccess: () => {
      form.reset();
      toast(t('profile.password_changed'));
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const refused = change.error && toProblem(change.error);
  return (
    <form onSubmit={form.onSubmit((body) => change.mutate({ body }))}>
      <Stack gap="md">
        {refused && refused.errors.length === 0 ? (
          <Alert color="red" role="alert">
            {problemText(refused).text}
          </Alert>
        ) : null}
        {/* For password managers: they store the new password under this name. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <PasswordInput
          label={t('profile.current')}
          required
          autoComplete="current-password"
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label={t('profile.replacement')}
          description={t('profile.replacement_help', { count: minLength })}
          required
          autoComplete="new-password"
          {...form.getInputProps('replacement')}
        />
        <Button type="submit" variant="default" loading={change.isPending} style={{ alignSelf: 'start' }}>
          {t('profile.change_password')}
        </Button>
      </Stack>
    </form>
  );
}
