import { forgetJob, reportJob } from '@/ui/JobProgress';
import { toast, toastProblem } from '@/ui/toasts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cancelAdmission, loadAdmission } from '../api/standing';

/** Follows the letting in of contacts that matched already: in the ring of the top bar, and with a word when it is over. */
export function useAdmission(id: string) {
  const { t } = useTranslation('automations');
  const watched = useRef<number | null>(null);
  const { data, refetch } = useQuery({
    queryKey: ['automations', id, 'admission'],
    queryFn: () => loadAdmission(id),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1000 : false),
  });
  useEffect(() => {
    if (!data) return;
    const job = `admission-${data.id}`;
    if (data.state === 'running') {
      watched.current = data.id;
      reportJob({
        id: job,
        title: t('standing.job'),
        done: data.entered,
        total: data.expected,
        errors: 0,
        state: 'running',
        to: `/automations/${id}`,
        cancel: () => void cancelAdmission(id).then(() => refetch(), toastProblem),
      });
      return;
    }
    forgetJob(job);
    if (watched.current !== data.id) return;
    watched.current = null;
    toast(
      data.state === 'stopped'
        ? t('standing.stopped', { count: data.entered, problem: data.problem ?? '' })
        : t(`standing.${data.state === 'cancelled' ? 'cancelled' : 'done'}`, { count: data.entered }),
    );
  }, [data, id, refetch, t]);
  /** Something was begun: look from now on. */
  const watch = async () => {
    const { data: begun } = await refetch();
    if (begun && begun.state !== 'running') toast(t('standing.done', { count: begun.entered }));
  };
  return { running: data?.state === 'running' ? data : null, watch };
}
