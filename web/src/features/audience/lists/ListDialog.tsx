import { client } from '@/api/client';
import { toast } from '@/ui/toasts';
import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../FormDialog';
import type { List } from './listColumns';

type Props = { list: List | null; onClose: () => void };

/** A new list, or changes to one. */
export function ListDialog({ list, onClose }: Props) {
  const { t } = useTranslation('audience');
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      name: list?.name ?? '',
      string_id: list?.string_id ?? '',
      sender_url: list?.sender_url ?? '',
      reminder: list?.reminder ?? '',
    },
    validate: { name: (v) => (v.trim() === '' ? t('name_missing') : null) },
  });
  const send = async ({ string_id, ...values }: typeof form.values) => {
    const body = { ...values, ...(string_id.trim() === '' ? {} : { string_id }) };
    await (list
      ? client.PUT('/api/app/lists/{id}', { params: { path: { id: list.id } }, body })
      : client.POST('/api/app/lists', { body }));
    toast(t(list ? 'saved' : 'lists.created', { name: values.name }));
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/lists'] });
  };
  return (
    <FormDialog
      title={list ? t('lists.edit', { name: list.name }) : t('lists.new')}
      submitLabel={list ? t('save') : t('lists.create')}
      form={form}
      conflictField="name"
      send={send}
      onClose={onClose}
    >
      <TextInput label={t('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
      <Textarea
        label={t('lists.reminder')}
        description={t('lists.reminder_help')}
        autosize
        minRows={2}
        {...form.getInputProps('reminder')}
      />
      <TextInput
        label={t('lists.sender_url')}
        description={t('lists.sender_url_help')}
        placeholder="https://"
        {...form.getInputProps('sender_url')}
      />
      <TextInput
        label={t('lists.string_id')}
        description={t('lists.string_id_help')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        {...form.getInputProps('string_id')}
      />
    </FormDialog>
  );
}
