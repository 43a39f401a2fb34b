import { liveEvery } from '@/api/live/state';
import { fetchReportFile, loadReport } from '@/api/reports';
import { ErrorState } from '@/ui/ErrorState';
import { ReportCard } from '@/ui/reports/ReportCard';
import { toastProblem } from '@/ui/toasts';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

const key = 'account.mails';
/** How often the numbers are asked for while the page is in sight, in milliseconds. */
const every = 30_000;

/** What became of the mails of the last thirty days, against the thirty before. */
export function Mails() {
  const { t } = useTranslation('home');
  const report = useQuery({
    queryKey: ['home', key],
    queryFn: () => loadReport(key, 0),
    refetchInterval: () => liveEvery(every),
  });
  if (report.isPending) return <Skeleton height={420} radius="md" />;
  if (report.error) return <ErrorState error={report.error} onRetry={() => void report.refetch()} />;
  const { first, last } = report.data;
  return (
    <ReportCard
      report={{ ...report.data, title: t('mails.title'), description: t('mails.description') }}
      fetching={false}
      empty={t('mails.empty')}
      onFile={() => void fetchReportFile(key, 0, { first, last, compare: true }).catch(toastProblem)}
    />
  );
}
