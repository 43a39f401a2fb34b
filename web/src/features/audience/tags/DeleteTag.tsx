import { client } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { tagsKey, type Tag } from './useTags';

export function DeleteTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const queryClient = useQueryClient();
  const remove = async () => {
    try {
      await client.DELETE('/api/app/tags/{id}', { params: { path: { id: tag.id } } });
      toast(t('tags.deleted', { name: tag.name }));
    } catch (problem) {
      toastProblem(problem);
    }
    await queryClient.invalidateQueries({ queryKey: tagsKey });
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('tags.delete_title', { name: tag.name })}
      effect={t('tags.delete_effect', { count: tag.contacts, n: formatNumber(tag.contacts) })}
      confirmLabel={t('tags.delete')}
      danger
      onConfirm={remove}
    />
  );
}
