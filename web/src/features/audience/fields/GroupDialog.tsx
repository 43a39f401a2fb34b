import { client } from '@/api/client';
import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../FormDialog';
import { useFields, type Group } from './useFields';

export function GroupDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const { refresh } = useFields();
  const form = useForm({
    initialValues: { name: group?.name ?? '' },
    validate: { name: (v) => (v.trim() === '' ? t('name_missing') : null) },
  });
  const send = async (body: typeof form.values) => {
    await (group
      ? client.PUT('/api/app/field-groups/{id}', { params: { path: { id: group.id } }, body })
      : client.POST('/api/app/field-groups', { body }));
    await refresh();
  };
  return (
    <FormDialog
      title={group ? t('fields.rename_group') : t('fields.new_group')}
      submitLabel={group ? t('save') : t('fields.create_group')}
      form={form}
      conflictField="name"
      send={send}
      onClose={onClose}
    >
      <TextInput label={t('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
    </FormDialog>
  );
}
