import { liveEvery } from '@/api/live/state';
import { fetchReportFile, listReports, loadReport } from '@/api/reports';
import { useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { formatDay } from '@/ui/reports/format';
import { readPeriod, todayIn } from '@/ui/reports/period';
import { PeriodBar } from '@/ui/reports/PeriodBar';
import { ReportCard } from '@/ui/reports/ReportCard';
import { StatusBadge } from '@/ui/StatusBadge';
import { toastProblem } from '@/ui/toasts';
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { loadAutomation } from '../api/automations';
import { statusTones } from '../list/statusTones';

/** How often the numbers are asked for while the page is in sight, in milliseconds. */
const every = 30_000;

/** `/automations/:id/report`: all reports about one automation, for one stretch of days. */
export function ReportPage() {
  const { t } = useTranslation('automations');
  const { t: words } = useTranslation('reports');
  const { id } = useParams({ from: '/shell/automations/$id/report' });
  const search = useSearch({ from: '/shell/automations/$id/report' });
  const navigate = useNavigate();
  const session = useSession();
  const period = readPeriod(search, todayIn(session.account.time_zone));
  const automation = useQuery({
    queryKey: ['automations', id, 'head'],
    queryFn: ({ signal }) => loadAutomation(id, signal),
  });
  const list = useQuery({
    queryKey: ['reports', 'automation'],
    queryFn: () => listReports('automation'),
    staleTime: Infinity,
  });
  const published = automation.data !== undefined && automation.data.published_version !== null;
  const reports = useQueries({
    queries: (published && period.valid ? (list.data ?? []) : []).map(({ key }) => ({
      queryKey: ['automations', id, 'report', key, period.first, period.last, period.compare],
      queryFn: () => loadReport(key, Number(id), period),
      placeholderData: keepPreviousData,
      refetchInterval: () => liveEvery(every),
    })),
  });
  const error = automation.error ?? list.error ?? reports.find((r) => r.error)?.error;
  if (error) {
    return (
      <Page>
        <ErrorState
          error={error}
          onRetry={() => void Promise.all([automation.refetch(), list.refetch(), ...reports.map((r) => r.refetch())])}
        />
      </Page>
    );
  }
  if (!automation.data || !list.data) {
    return (
      <Page>
        <Skeleton height={40} mb="lg" />
        <Skeleton height={320} />
      </Page>
    );
  }
  const { name, status } = automation.data;
  const earlier = reports.find((r) => r.data)?.data;
  return (
    <Page>
      <PageHeader
        title={t('report.title', { name })}
        area={t('title')}
        status={<StatusBadge tone={statusTones[status]} label={t(`status.${status}`)} />}
        main={
          <Button component={AppLink} to={`/automations/${id}`} variant="default">
            {t('report.open')}
          </Button>
        }
      />
      {published ? (
        <Stack gap="lg">
          <PeriodBar
            period={period}
            onChange={(next) =>
              void navigate({ to: '/automations/$id/report', params: { id }, search: next, replace: true })
            }
          />
          {period.valid && period.compare && earlier?.before_first && earlier.before_last ? (
            <Text size="xs" c="dimmed">
              {words('period.before', {
                first: formatDay(earlier.before_first, true),
                last: formatDay(earlier.before_last, true),
              })}
            </Text>
          ) : null}
          {reports.map((report, i) =>
            report.data ? (
              <ReportCard
                key={report.data.key}
                report={report.data}
                fetching={report.isPlaceholderData}
                empty={t('report.empty')}
                onFile={() => void fetchReportFile(report.data.key, Number(id), period).catch(toastProblem)}
              />
            ) : (
              <Skeleton key={i} height={220} radius="md" />
            ),
          )}
        </Stack>
      ) : (
        <EmptyState
          icon={IconChartLine}
          title={t('report.never')}
          text={t('report.never_text')}
          action={
            <Button component={AppLink} to={`/automations/${id}`}>
              {t('report.open')}
            </Button>
          }
        />
      )}
    </Page>
  );
}
