import { client } from '@/api/client';
import { liveEvery } from '@/api/live/state';
import type { components } from '@/api/schema';
import { reportJob, forgetJob, type Job } from '@/ui/JobProgress';
import { toast, toastProblem } from '@/ui/toasts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ContactSelection } from '../bulk/bulk';

type ExportView = components['schemas']['ExportView'];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const asJob = (e: ExportView): Job => ({
  id: `export-${e.id}`,
  title: e.name,
  done: e.rows,
  total: null,
  errors: 0,
  to: '/contacts/exports',
  state: e.state === 'waiting' || e.state === 'finished' || e.state === 'failed' ? e.state : 'running',
});

/** Fetches the file by a link that works once. */
export async function download(id: number, name: string) {
  const { data } = await client.POST('/api/app/exports/{id}/link', { params: { path: { id } } });
  if (data === undefined) return;
  const link = document.createElement('a');
  link.href = data.path;
  link.download = name;
  link.click();
}

/** Starts an export of the chosen contacts, or of what the list shows, and follows it until the file can be fetched. */
export function useExport() {
  const { t } = useTranslation('contacts');
  const queryClient = useQueryClient();
  const follow = async (view: ExportView) => {
    let now = view;
    while (now.state === 'waiting' || now.state === 'running') {
      reportJob(asJob(now));
      await pause(Math.min(1500, liveEvery(1000)));
      const { data } = await client.GET('/api/app/exports/{id}', { params: { path: { id: now.id } } });
      if (data === undefined) break;
      now = data;
    }
    forgetJob(`export-${view.id}`);
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/exports'] });
    if (now.state !== 'finished') return toast(t('export.failed'));
    toast(t('export.ready', { count: now.rows }));
    await download(now.id, now.name);
  };
  const { mutate, isPending } = useMutation({
    mutationFn: async (selection: Partial<ContactSelection>) => {
      const { data } = await client.POST('/api/app/exports', { body: selection as never });
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
