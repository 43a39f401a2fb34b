import { client } from '@/api/client';
import { toastProblem, toastUndo } from '@/ui/toasts';
import { useTranslation } from 'react-i18next';
import { fieldBody, fieldValues } from './fieldForm';
import { useFields, type Field, type Group } from './useFields';

/** Deletes a group; its fields go to the general ones. Undo makes the group anew and puts them back. */
export function useDeleteGroup() {
  const { t } = useTranslation('audience');
  const { refresh } = useFields();
  const restore = async (group: Group, fields: readonly Field[]) => {
    const { data } = await client.POST('/api/app/field-groups', { body: { name: group.name } });
    for (const field of data ? fields : [])
      await client.PUT('/api/app/fields/{id}', {
        params: { path: { id: field.id } },
        body: { ...fieldBody(fieldValues(field)), group_id: data?.id ?? null },
      });
    await refresh();
  };
  return async (group: Group, fields: readonly Field[]) => {
    try {
      await client.DELETE('/api/app/field-groups/{id}', { params: { path: { id: group.id } } });
      toastUndo(t('fields.group_deleted', { name: group.name }), () => void restore(group, fields).catch(toastProblem));
    } catch (problem) {
      toastProblem(problem);
    }
    await refresh();
  };
}
