import { client } from '@/api/client';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastProblem } from '@/ui/toasts';
import { useTranslation } from 'react-i18next';
import { useFields, type Field } from './useFields';

/** Values of all contacts go with a field, so its name has to be typed. */
export function DeleteField({ field, onClose }: { field: Field; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const { refresh } = useFields();
  const remove = async () => {
    try {
      await client.DELETE('/api/app/fields/{id}', { params: { path: { id: field.id } } });
      toast(t('fields.deleted', { name: field.name }));
    } catch (problem) {
      toastProblem(problem);
    }
    await refresh();
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('fields.delete_title', { name: field.name })}
      effect={t('fields.delete_effect', { tag: `%${field.key}%` })}
      confirmLabel={t('fields.delete')}
      typed={field.name}
      danger
      onConfirm={remove}
    />
  );
}
