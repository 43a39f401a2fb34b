import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { create } from 'zustand';
import { AppLink } from './AppLink';

export type Job = {
  id: string;
  title: string;
  done: number;
  total: number | null;
  errors: number;
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  cancel?: () => void;
  /** The page about it, below `/app`. */
  to?: string;
};

const store = create<{ jobs: Record<string, Job> }>(() => ({ jobs: {} }));

/** Features report the jobs they watch; the ring in the top bar shows them. */
export const reportJob = (job: Job) => store.setState(({ jobs }) => ({ jobs: { ...jobs, [job.id]: job } }));

export const forgetJob = (id: string) =>
  store.setState(({ jobs }) => ({ jobs: Object.fromEntries(Object.entries(jobs).filter(([key]) => key !== id)) }));

export const useJobs = () => store(useShallow((s) => Object.values(s.jobs)));

export const jobPercent = (job: Job) =>
  job.total === null || job.total === 0 ? 0 : Math.min(100, (100 * job.done) / job.total);

export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation('ui');
  const failed = job.state === 'failed';
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        {job.to === undefined ? (
          <Text size="sm" fw={600} truncate>
            {job.title}
          </Text>
        ) : (
          <Anchor component={AppLink} to={job.to} size="sm" fw={600} truncate>
            {job.title}
          </Anchor>
        )}
        <Text size="xs" c="dimmed" className="tabular">
          {job.total === null
            ? t('job.done', { done: job.done })
            : t('job.done_of', { done: job.done, total: job.total })}
        </Text>
      </Group>
      <Progress.Root size="md">
        <Progress.Section
          value={job.state === 'finished' ? 100 : jobPercent(job)}
          color={failed ? 'red' : 'indigo'}
          aria-label={job.title}
        />
      </Progress.Root>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c={job.errors > 0 ? 'var(--mantine-color-error)' : 'dimmed'} mt={2}>
          {t(`job.${job.state}`)}
          {job.errors > 0 ? ` · ${t('job.errors', { count: job.errors })}` : ''}
        </Text>
        {job.cancel && job.state === 'running' ? (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={job.cancel}>
            {t('job.cancel')}
          </Button>
        ) : null}
      </Group>
    </div>
  );
}
