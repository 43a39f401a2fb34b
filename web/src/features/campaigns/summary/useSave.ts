import { api } from '@/api/client';
import { toProblem } from '@/api/problem';
import { toast, toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { inputOf, listKey, type Campaign, type CampaignInput } from '../api';

const key = (id: number) => ['get', '/api/app/campaigns/{id}', { params: { path: { id } } }];

/** After a change: the campaign as the server answered, and all that hangs on it. */
export function useChanged() {
  const queryClient = useQueryClient();
  return async (campaign: Campaign) => {
    queryClient.setQueryData(key(campaign.id), campaign);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: listKey }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/campaigns/{id}/checks'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/campaigns/calendar'] }),
    ]);
  };
}

/** Saves a part of the settings; somebody else's change wins and is shown. */
export function useSave(campaign: Campaign, onDone: () => void) {
  const { t } = useTranslation('campaigns');
  const queryClient = useQueryClient();
  const changed = useChanged();
  const save = api.useMutation('put', '/api/app/campaigns/{id}', {
    onSuccess: async (saved) => {
      await changed(saved);
      onDone();
    },
    onError: async (problem) => {
      if (toProblem(problem).status !== 412) return toastProblem(problem);
      toast(t('saved_meanwhile'));
      await queryClient.invalidateQueries({ queryKey: key(campaign.id) });
    },
  });
  return {
    saving: save.isPending,
    error: save.error,
    run: (part: Partial<CampaignInput>) =>
      save.mutate({
        params: { path: { id: campaign.id }, header: { 'If-Match': `"${campaign.revision}"` } },
        body: { ...inputOf(campaign), ...part },
      }),
  };
}
