import { liveEvery } from '@/api/live/state';
import { fetchReportFile, listReports, loadReport, type ReportChoice, type ReportCounting } from '@/api/reports';
import { useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { formatDay } from '@/ui/reports/format';
import { readPeriod, todayIn } from '@/ui/reports/period';
import { PeriodBar } from '@/ui/reports/PeriodBar';
import { ReportCard } from '@/ui/reports/ReportCard';
import { toastProblem } from '@/ui/toasts';
import { Skeleton, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ChoiceBar } from './ChoiceBar';
import type { ReportsSearch } from './routes';

/** How often the numbers are asked for while the page is in sight, in milliseconds. */
const every = 60_000;

/** Stands on the home page, by the day of sending. */
const elsewhere = 'account.mails';

const steps = ['day', 'week', 'month'] as const;

/** `/reports`: the reports of the account, for one stretch of days. */
export function ReportsPage() {
  const { t } = useTranslation('reports');
  const search = useSearch({ from: '/shell/reports' });
  const navigate = useNavigate();
  const session = useSession();
  const period = readPeriod(search, todayIn(session.account.time_zone));
  const list = useQuery({ queryKey: ['reports', ''], queryFn: () => listReports(''), staleTime: Infinity });
  const counting: ReportCounting = {
    privacy: search.privacy !== 'no',
    machines: search.machines === 'none' || search.machines === 'all' ? search.machines : 'as_recorded',
  };
  const step = steps.find((s) => s === search.step);
  const sources = list.data?.flatMap((r) => r.filters).find((f) => f.key === 'source')?.choices ?? [];
  const source = sources.find((c) => c.value === search.source)?.value;
  const choice: ReportChoice = { ...(step ? { step } : {}), filters: source ? { source } : {} };
  const reports = useQueries({
    queries: (period.valid ? (list.data ?? []) : [])
      .filter((r) => r.key !== elsewhere)
      .map(({ key }) => ({
        queryKey: ['reports', key, period.first, period.last, period.compare, counting, choice],
        queryFn: () => loadReport(key, 0, period, counting, choice),
        placeholderData: keepPreviousData,
        refetchInterval: () => liveEvery(every),
      })),
  });
  const change = (part: ReportsSearch) =>
    void navigate({ to: '/reports', search: { ...search, ...part }, replace: true });
  const error = list.error ?? reports.find((r) => r.error)?.error;
  const earlier = reports.find((r) => r.data)?.data;
  return (
    <Page>
      <PageHeader title={t('title')} />
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => void Promise.all([list.refetch(), ...reports.map((r) => r.refetch())])}
        />
      ) : (
        <Stack gap="lg">
          <PeriodBar
            period={period}
            onChange={({ days, first, last, compare }) => change({ days, first, last, compare } as ReportsSearch)}
          />
          <ChoiceBar
            sources={sources}
            source={source}
            step={step ?? earlier?.step}
            daily={period.valid && (Date.parse(period.last) - Date.parse(period.first)) / 86_400_000 < 400}
            counting={counting}
            onChange={change}
          />
          {period.valid && period.compare && earlier?.before_first && earlier.before_last ? (
            <Text size="xs" c="dimmed">
              {t('period.before', {
                first: formatDay(earlier.before_first, true),
                last: formatDay(earlier.before_last, true),
              })}
            </Text>
          ) : null}
          {reports.length === 0 && period.valid ? <Skeleton height={420} radius="md" /> : null}
          {reports.map((report, i) =>
            report.data ? (
              <ReportCard
                key={report.data.key}
                report={report.data}
                fetching={report.isPlaceholderData}
                empty={t('empty')}
                onFile={() => void fetchReportFile(report.data.key, 0, period, counting, choice).catch(toastProblem)}
              />
            ) : (
              <Skeleton key={i} height={320} radius="md" />
            ),
          )}
        </Stack>
      )}
    </Page>
  );
}
