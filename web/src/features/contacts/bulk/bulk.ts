import { api, client } from '@/api/client';
import { queryClient } from '@/api/queryClient';
import type { components } from '@/api/schema';
import { toast, toastProblem, toastUndo } from '@/ui/toasts';
import { reportJob, type Job } from '@/ui/JobProgress';
import type { TFunction } from 'i18next';

export type BulkJob = components['schemas']['BulkJobView'];
export type BulkAction = components['schemas']['BulkActionView'];
/** Which contacts: these, or all that match but for some. */
export type ContactSelection = components['schemas']['ContactSelection'];

export const jobsKey = ['get', '/api/app/contacts/bulk'] as const;

export const useBulkActions = () => api.useQuery('get', '/api/app/contacts/bulk/actions', {}, { staleTime: Infinity });

export const asProgress = (job: BulkJob): Job => ({
  id: `bulk-${job.id}`,
  title: job.title,
  done: job.done,
  total: job.total,
  errors: 0,
  state: job.state as Job['state'],
  to: `/contacts/jobs/${job.id}`,
  cancel: () => void cancelJob(job.id),
});

export async function cancelJob(id: number) {
  try {
    await client.POST('/api/app/contacts/bulk/{id}/cancel', { params: { path: { id } } });
  } catch (problem) {
    toastProblem(problem);
  }
  await queryClient.invalidateQueries({ queryKey: jobsKey });
}

const refresh = () =>
  Promise.all(
    [
      ['get', '/api/app/contacts'],
      ['get', '/api/app/contacts/{id}'],
      ['contact'],
      jobsKey,
      ['get', '/api/app/contacts/bulk/{id}'],
    ].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );

/** Says what came of a job that is over, with the way back where there is one; a longer one shows in the ring of the top bar. */
export function announce(job: BulkJob, t: TFunction) {
  if (job.state === 'running') {
    reportJob(asProgress(job));
    toast(t('bulk.running', { ns: 'contacts', title: job.title, count: job.total }));
    return;
  }
  void refresh();
  const text = t(job.state === 'finished' ? 'bulk.finished' : `bulk.${job.state}`, {
    ns: 'contacts',
    title: job.title,
    count: job.changed,
  });
  const skipped = job.skipped > 0 ? ` ${t('bulk.skipped', { ns: 'contacts', count: job.skipped })}` : '';
  if (job.undo_until !== null) toastUndo(text + skipped, () => void undoJob(job.id, t));
  else toast(text + skipped);
}

export async function undoJob(id: number, t: TFunction) {
  try {
    const { data } = await client.POST('/api/app/contacts/bulk/{id}/undo', { params: { path: { id } } });
    if (data) announce(data, t);
    await queryClient.invalidateQueries({ queryKey: jobsKey });
  } catch (problem) {
    toastProblem(problem);
  }
}

export async function startJob(
  action: string,
  settings: Readonly<Record<string, unknown>>,
  selection: Partial<ContactSelection>,
  expected?: number,
) {
  const { data } = await client.POST('/api/app/contacts/bulk', {
    body: { action, settings, ...selection, ...(expected === undefined ? {} : { expected }) } as never,
  });
  await queryClient.invalidateQueries({ queryKey: jobsKey });
  return data;
}

/** How many contacts a selection means, exactly. */
export async function countSelection(selection: Partial<ContactSelection>) {
  const { data } = await client.POST('/api/app/contacts/bulk/count', { body: selection as never });
  return data?.total ?? 0;
}
