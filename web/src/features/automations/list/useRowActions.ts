import type { RowAction } from '@/ui/grid/types';
import { toast, toastProblem } from '@/ui/toasts';
import { IconCopy, IconDownload, IconPlayerPause, IconPlayerPlay, IconTags, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { activate, deactivate, deleteAutomation, duplicateAutomation, exportAutomation } from '../api/automations';
import type { AutomationSummary } from '../api/types';
import { download } from './download';

type Actions = ((row: AutomationSummary) => RowAction[]) & { remove: (row: AutomationSummary) => Promise<void> };

/** What can be done with a row of the list. */
export function useRowActions(
  onDelete: (row: AutomationSummary) => void,
  onLabels: (row: AutomationSummary) => void,
): Actions {
  const { t } = useTranslation(['automations', 'builder']);
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['automations', 'list'] });
  const run = (work: Promise<unknown>, done: string) =>
    void work.then(() => {
      toast(done);
      return refresh();
    }, toastProblem);
  const actions = (row: AutomationSummary): RowAction[] => [
    row.status === 'active'
      ? {
          id: 'deactivate',
          label: t('list.deactivate'),
          icon: IconPlayerPause,
          run: () => run(deactivate(row.id), t('list.deactivated', { name: row.name })),
        }
      : {
          id: 'activate',
          label: t('list.activate'),
          icon: IconPlayerPlay,
          run: () => run(activate(row.id), t('list.activated', { name: row.name })),
          ...(row.published_version === null ? { disabledReason: t('switch_never') } : {}),
        },
    {
      id: 'duplicate',
      label: t('list.duplicate'),
      icon: IconCopy,
      run: () => run(duplicateAutomation(row.id), t('list.duplicated', { name: row.name })),
    },
    { id: 'labels', label: t('labels.assign', { ns: 'builder' }), icon: IconTags, run: () => onLabels(row) },
    {
      id: 'export',
      label: t('actions.export'),
      icon: IconDownload,
      run: () => void exportAutomation(row.id).then((document) => download(`${row.name}.json`, document), toastProblem),
    },
    { id: 'delete', label: t('list.delete'), icon: IconTrash, danger: true, run: () => onDelete(row) },
  ];
  const remove = (row: AutomationSummary) =>
    deleteAutomation(row.id).then(
      async () => {
        toast(t('list.deleted', { name: row.name }));
        await refresh();
      },
      (error: unknown) => toastProblem(error),
    );
  return Object.assign(actions, { remove });
}
