import { client } from '@/api/client';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { formatNumber } from '@/ui/format';
import { toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../upload';

export function CancelImport({ view }: { view: ImportView }) {
  const { t } = useTranslation('imports');
  const queryClient = useQueryClient();
  const cancel = async () => {
    try {
      await client.POST('/api/app/imports/{id}/cancel', { params: { path: { id: view.id } } });
    } catch (problem) {
      toastProblem(problem);
    }
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/imports/{id}'] });
  };
  return (
    <ConfirmButton
      title={t('cancel.title', { name: view.name })}
      effect={t('cancel.effect', { count: view.rows, n: formatNumber(view.rows) })}
      confirmLabel={t('cancel.confirm')}
      danger
      onConfirm={cancel}
    >
      {t('cancel.confirm')}
    </ConfirmButton>
  );
}
