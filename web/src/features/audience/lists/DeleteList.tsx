import { client } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { List } from './listColumns';

export function DeleteList({ list, onClose }: { list: List; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const queryClient = useQueryClient();
  const remove = async () => {
    try {
      await client.DELETE('/api/app/lists/{id}', { params: { path: { id: list.id } } });
      toast(t('lists.deleted', { name: list.name }));
    } catch (problem) {
      toastProblem(problem);
    }
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/lists'] });
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('lists.delete_title', { name: list.name })}
      effect={t('lists.delete_effect', { count: list.active_contacts, n: formatNumber(list.active_contacts) })}
      confirmLabel={t('lists.delete')}
      {...(list.active_contacts > 0 ? { typed: list.name } : {})}
      danger
      onConfirm={remove}
    />
  );
}
