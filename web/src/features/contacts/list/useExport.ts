import { client } from '@/api/client';
import { reportJob, forgetJob, type Job } from '@/ui/JobProgress';
import { toast, toastProblem } from '@/ui/toasts';
import type { components } from '@/api/schema';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ContactSearch } from './search';

type ExportView = components['schemas']['ExportView'];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const asJob = (e: ExportView): Job => ({
  id: `export-${e.id}`,
  title: e.name,
  done: e.rows,
  total: null,
  errors: 0,
  state: e.state === 'waiting' || e.state === 'finished' || e.state === 'failed' ? e.state : 'running',
});

/** What an export can filter by; the days of creation and a status without a list it cannot. */
export const canExport = (s: ContactSearch) => !s.from && !s.to && !(s.status && !s.list);

/** Starts an export of what the list shows and follows it in the ring of the top bar until the file can be fetched. */
export function useExport() {
  const { t } = useTranslation('contacts');
  const queryClient = useQueryClient();
  const follow = async (view: ExportView) => {
    let now = view;
    while (now.state === 'waiting' || now.state === 'running') {
      reportJob(asJob(now));
      await pause(1000);
      const { data } = await client.GET('/api/app/exports/{id}', { params: { path: { id: now.id } } });
      if (data === undefined) break;
      now = data;
    }
    forgetJob(`export-${view.id}`);
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/exports'] });
    if (now.state !== 'finished') return toast(t('export.failed'));
    toast(t('export.ready', { count: now.rows }));
    const link = document.createElement('a');
    link.href = `/api/app/exports/${now.id}/file`;
    link.download = now.name;
    link.click();
  };
  const { mutate, isPending } = useMutation({
    mutationFn: async (s: ContactSearch) => {
      const { data } = await client.POST('/api/app/exports', {
        body: {
          ...(s.q ? { search: s.q } : {}),
          ...(s.tag ? { tag_id: s.tag } : {}),
          ...(s.list ? { list_id: s.list } : {}),
          ...(s.list && s.status ? { list_status: s.status } : {}),
        },
      });
      return data;
    },
    onSuccess: (view) => {
      if (view === undefined) return;
      toast(t('export.started'));
      follow(view).catch(toastProblem);
    },
    onError: toastProblem,
  });
  return { start: mutate, isPending };
}
