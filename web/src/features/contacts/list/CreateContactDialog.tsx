import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { TagNamesInput } from '@/ui/people/TagNamesInput';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { contactListKey } from './contactList';

type Props = { opened: boolean; onClose: () => void };

export function CreateContactDialog({ opened, onClose }: Props) {
  const { t } = useTranslation(['contacts', 'common']);
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened={opened}
      onClose={onClose}
      title={t('create.title')}
      size={460}
    >
      <CreateContactForm onClose={onClose} />
    </Modal>
  );
}

function CreateContactForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const lists = api.useQuery('get', '/api/app/lists', {});
  const form = useForm({
    initialValues: {
      email: '',
      first_name: '',
      last_name: '',
      phone: '',
      tags: [] as string[],
      lists: [] as string[],
    },
    validate: {
      email: (value, all) =>
        value.trim() === '' && all.phone.trim() === '' && all.first_name.trim() + all.last_name.trim() === ''
          ? t('create.something')
          : null,
    },
  });
  const create = api.useMutation('post', '/api/app/contacts', {
    onSuccess: (contact) => {
      void queryClient.invalidateQueries({ queryKey: contactListKey });
      toast(t('create.done'));
      void navigate({ to: '/contacts/$contactId', params: { contactId: String(contact.id) } });
    },
    onError: (problem) =>
      form.setErrors(
        toProblem(problem).code === 'contact_exists' ? { email: problemText(problem).text } : fieldErrors(problem),
      ),
  });
  const other = create.error && toProblem(create.error).errors.length === 0 && toProblem(create.error).status !== 409;
  const submit = form.onSubmit((v) =>
    create.mutate({
      body: {
        first_name: v.first_name,
        last_name: v.last_name,
        phone: v.phone,
        tags: v.tags,
        lists: v.lists.map(Number),
        ...(v.email.trim() === '' ? {} : { email: v.email.trim() }),
      },
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {other ? <Alert color="red">{problemText(create.error).text}</Alert> : null}
        <TextInput
          label={t('columns.email')}
          type="email"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <Group grow align="start">
          <TextInput label={t('first_name')} autoComplete="off" {...form.getInputProps('first_name')} />
          <TextInput label={t('last_name')} autoComplete="off" {...form.getInputProps('last_name')} />
        </Group>
        <TextInput label={t('columns.phone')} type="tel" autoComplete="off" {...form.getInputProps('phone')} />
        <TagNamesInput label={t('columns.tags')} description={t('create.tags_help')} {...form.getInputProps('tags')} />
        <MultiSelect
          label={t('columns.lists')}
          description={t('create.lists_help')}
          searchable
          data={(lists.data?.items ?? []).map((l) => ({ value: String(l.id), label: l.name }))}
          {...form.getInputProps('lists')}
        />
      </Stack>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={create.isPending}>
          {t('create.submit')}
        </Button>
      </Group>
    </form>
  );
}
