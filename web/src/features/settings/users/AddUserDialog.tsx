import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Modal, PasswordInput, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

const minLength = 12;

/** The admin sets a first password and hands it over; the user changes it in the profile. */
export function AddUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { email: '', first_name: '', last_name: '', role: 'user' as 'user' | 'admin', password: '' },
    validate: { password: (v) => (v.length < minLength ? t('profile.password_short', { count: minLength }) : null) },
  });
  const close = () => {
    form.reset();
    add.reset();
    onClose();
  };
  const add = api.useMutation('post', '/api/app/users', {
    onSuccess: async (user) => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/users'] });
      toast(t('users.added', { email: user.email }));
      form.reset();
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const refused = add.error && toProblem(add.error);
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened={opened}
      onClose={close}
      title={t('users.add')}
    >
      <form onSubmit={form.onSubmit((body) => add.mutate({ body }))}>
        <Stack gap="md">
          {refused && refused.errors.length === 0 ? (
            <Alert color="red" role="alert">
              {problemText(refused).text}
            </Alert>
          ) : null}
          <TextInput label={t('users.email')} type="email" required data-autofocus {...form.getInputProps('email')} />
          <SimpleGrid cols={2}>
            <TextInput label={t('profile.first_name')} {...form.getInputProps('first_name')} />
            <TextInput label={t('profile.last_name')} {...form.getInputProps('last_name')} />
          </SimpleGrid>
          <Radio.Group label={t('users.role')} {...form.getInputProps('role')}>
            <Stack gap={8} mt={6}>
              {(['user', 'admin'] as const).map((role) => (
                <Radio
                  key={role}
                  value={role}
                  label={t(`users.roles.${role}`)}
                  description={t(`users.role_text.${role}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <PasswordInput
            label={t('users.password')}
            description={t('users.password_help', { count: minLength })}
            required
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('users.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
