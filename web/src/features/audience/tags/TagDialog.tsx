import { client } from '@/api/client';
import { toast, toastProblem, toastUndo } from '@/ui/toasts';
import { TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../FormDialog';
import { tagsKey, type Tag } from './useTags';

/** A new tag, or another name for one; renaming can be undone. */
export function TagDialog({ tag, onClose }: { tag: Tag | null; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: tagsKey });
  const form = useForm({
    initialValues: { name: tag?.name ?? '', description: tag?.description ?? '' },
    validate: { name: (v) => (v.trim() === '' ? t('name_missing') : null) },
  });
  const put = (id: number, body: typeof form.values) =>
    client.PUT('/api/app/tags/{id}', { params: { path: { id } }, body });
  const send = async (values: typeof form.values) => {
    if (tag === null) {
      await client.POST('/api/app/tags', { body: values });
      toast(t('tags.created', { name: values.name }));
    } else {
      await put(tag.id, values);
      const back = () => put(tag.id, { name: tag.name, description: tag.description }).then(refresh, toastProblem);
      toastUndo(t('tags.renamed', { name: values.name }), () => void back());
    }
    await refresh();
  };
  return (
    <FormDialog
      title={tag ? t('tags.rename_title', { name: tag.name }) : t('tags.new')}
      submitLabel={tag ? t('save') : t('tags.create')}
      form={form}
      conflictField="name"
      send={send}
      onClose={onClose}
    >
      <TextInput label={t('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
      <Textarea
        label={t('description')}
        description={t('tags.description_help')}
        autosize
        {...form.getInputProps('description')}
      />
    </FormDialog>
  );
}
