import { api } from '@/api/client';
import { liveEvery } from '@/api/live/state';
import { allows, useSession } from '@/api/session';
import { forgetJob, reportJob } from '@/ui/JobProgress';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce, asProgress } from './bulk';

/** Follows running bulk jobs on every page: ring and panel of the top bar, and a word when one is over. */
export default function BulkWatcher() {
  const { t } = useTranslation('contacts', { useSuspense: false });
  const sees = allows(useSession(), 'view_contacts');
  const jobs = api.useQuery(
    'get',
    '/api/app/contacts/bulk',
    {},
    {
      enabled: sees,
      refetchInterval: (q) =>
        q.state.data?.items.some((j) => j.state === 'running') ? Math.min(5000, liveEvery(1000)) : false,
    },
  );
  const running = useRef(new Set<number>());
  useEffect(() => {
    for (const job of jobs.data?.items ?? []) {
      if (job.state === 'running') {
        running.current.add(job.id);
        reportJob(asProgress(job));
      } else if (running.current.delete(job.id)) {
        forgetJob(`bulk-${job.id}`);
        announce(job, t);
      } else forgetJob(`bulk-${job.id}`);
    }
  }, [jobs.data, t]);
  return null;
}
