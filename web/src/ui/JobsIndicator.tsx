import { ActionIcon, Popover, RingProgress, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { JobProgress, jobPercent, useJobs } from './JobProgress';

/** The ring in the top bar; absent while nothing runs. */
export function JobsIndicator() {
  const { t } = useTranslation('ui');
  const jobs = useJobs();
  if (jobs.length === 0) return null;
  const mean = jobs.reduce((sum, job) => sum + jobPercent(job), 0) / jobs.length;
  return (
    <Popover width={320} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('job.running_count', { count: jobs.length })}>
          <RingProgress size={28} thickness={4} sections={[{ value: mean, color: 'indigo' }]} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack>
          {jobs.map((job) => (
            <JobProgress key={job.id} job={job} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
