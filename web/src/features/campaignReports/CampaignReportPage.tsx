import { api } from '@/api/client';
import { liveEvery } from '@/api/live/state';
import { fetchReportFile, loadReport, type ReportCounting } from '@/api/reports';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { ReportCard } from '@/ui/reports/ReportCard';
import { toastProblem } from '@/ui/toasts';
import { Anchor, Button, Group, Select, Skeleton, Stack, Switch, Tabs } from '@mantine/core';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ActionsCard } from './ActionsCard';
import { ClickMapCard } from './ClickMapCard';
import { PeopleCard } from './PeopleCard';
import { peopleOf, type PeopleOf } from './people';
import { ResendButton } from './ResendButton';
import { tabs, type Tab } from './routes';

/** Parts whose numbers hang on what counts as an open or a click. */
const counted: readonly Tab[] = ['overview', 'clicks', 'people', 'variants', 'readers'];

/** What stands in a report without rows: that there is nothing to tell is told in its own words. */
const emptyOf = {
  'campaign.links': 'empty_links',
  'campaign.bounces': 'empty_bounces',
  'campaign.countries': 'empty_places',
  'campaign.devices': 'empty_readers',
  'campaign.clients': 'empty_readers',
} as const;

/** How often the numbers are asked for while the page is in sight, in milliseconds. */
const every = 60_000;

/** Reports that each part shows. */
const reportsOf: Record<Tab, readonly string[]> = {
  overview: ['campaign.overview'],
  clicks: ['campaign.links'],
  people: [],
  variants: ['campaign.variants'],
  bounces: ['campaign.bounces'],
  actions: [],
  readers: ['campaign.countries', 'campaign.devices', 'campaign.clients'],
};

/** Whom a figure counts, where that is a list of people. */
const peopleBehind: Record<string, PeopleOf> = {
  sends: 'sent',
  delivered: 'sent',
  not_clicked: 'not_clicked',
  ...Object.fromEntries(peopleOf.map((key) => [key, key])),
};

/** `/campaigns/:id/report/:tab`: what became of a campaign, and who is behind each number. */
export function CampaignReportPage() {
  const { t } = useTranslation('campaignReports');
  const { campaignId, tab: asked } = useParams({ from: '/shell/campaigns/$campaignId/report/{-$tab}' });
  const search = useSearch({ from: '/shell/campaigns/$campaignId/report/{-$tab}' });
  const navigate = useNavigate();
  const id = Number(campaignId);
  const tab = tabs.find((x) => x === asked) ?? 'overview';
  const counting: ReportCounting = {
    privacy: search.privacy !== 'no',
    machines: search.machines === 'none' || search.machines === 'all' ? search.machines : 'as_recorded',
  };
  const campaign = api.useQuery('get', '/api/app/campaigns/{id}', { params: { path: { id } } });
  const reports = useQueries({
    queries: reportsOf[tab].map((key) => ({
      queryKey: ['campaigns', id, 'report', key, counting],
      queryFn: () => loadReport(key, id, undefined, counting),
      placeholderData: keepPreviousData,
      refetchInterval: () => liveEvery(every),
    })),
  });
  const go = (next: { tab?: Tab; search?: typeof search }) =>
    void navigate({
      to: '/campaigns/$campaignId/report/{-$tab}',
      params: { campaignId, tab: next.tab ?? tab },
      search: next.search ?? search,
      replace: true,
    });
  const error = campaign.error ?? reports.find((r) => r.error)?.error;
  if (error) {
    return (
      <Page>
        <ErrorState
          error={error}
          onRetry={() => void Promise.all([campaign.refetch(), ...reports.map((r) => r.refetch())])}
        />
      </Page>
    );
  }
  if (!campaign.data) {
    return (
      <Page>
        <Skeleton height={40} mb="lg" />
        <Skeleton height={320} />
      </Page>
    );
  }
  const { name, variants } = campaign.data;
  const open = (key: string) => {
    const of = peopleBehind[key];
    return of ? (
      <Anchor
        component={AppLink}
        to="/campaigns/$campaignId/report/{-$tab}"
        params={{ campaignId, tab: 'people' } as never}
        search={{ ...search, of } as never}
        size="xs"
        aria-label={t('show_of', { what: t(`people.${of}`) })}
      >
        {t('show')}
      </Anchor>
    ) : null;
  };
  const shown = tabs.filter((x) => x !== 'variants' || variants.length > 1);
  return (
    <Page>
      <PageHeader
        title={t('title', { name: name || t('untitled') })}
        area={t('area')}
        actions={<ResendButton campaign={campaign.data} />}
        main={
          <Button component={AppLink} to={`/campaigns/${campaignId}`} variant="default">
            {t('back')}
          </Button>
        }
      />
      <Tabs
        value={tab}
        onChange={(next) => go({ tab: tabs.find((x) => x === next) ?? 'overview' })}
        keepMounted={false}
      >
        <Tabs.List aria-label={t('sections')} mb="md">
          {shown.map((key) => (
            <Tabs.Tab key={key} value={key}>
              {t(`tabs.${key}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {counted.includes(tab) ? (
          <Group gap="lg" mb="md" align="flex-end" role="group" aria-label={t('count')}>
            <Select
              size="xs"
              w={200}
              label={t('machines')}
              allowDeselect={false}
              value={counting.machines}
              onChange={(value) => go({ search: { ...search, machines: value ?? 'as_recorded' } })}
              data={(['as_recorded', 'none', 'all'] as const).map((value) => ({
                value,
                label: t(`machines_${value}`),
              }))}
            />
            <Switch
              size="sm"
              mb={4}
              label={t('privacy')}
              description={t('privacy_text')}
              checked={counting.privacy}
              onChange={(e) => go({ search: { ...search, privacy: e.currentTarget.checked ? 'yes' : 'no' } })}
            />
          </Group>
        ) : null}
        <Tabs.Panel value={tab}>
          <Stack gap="lg">
            {tab === 'clicks' ? <ClickMapCard id={id} counting={counting} /> : null}
            {reports.map((report, i) =>
              report.data ? (
                <ReportCard
                  beside="usual"
                  key={report.data.key}
                  report={report.data}
                  fetching={report.isPlaceholderData}
                  empty={t(emptyOf[report.data.key as keyof typeof emptyOf] ?? 'empty')}
                  open={open}
                  onFile={() => void fetchReportFile(report.data.key, id, undefined, counting).catch(toastProblem)}
                />
              ) : (
                <Skeleton key={i} height={260} radius="md" />
              ),
            )}
            {tab === 'actions' ? variants.map((v) => <ActionsCard key={v.no} id={id} variant={v} />) : null}
            {tab === 'people' ? (
              <PeopleCard
                id={id}
                counting={counting}
                messages={variants.map((v) => v.message_id)}
                of={peopleOf.find((x) => x === search.of) ?? 'opened'}
                link={search.link}
                onChange={(next) =>
                  go({ search: { privacy: search.privacy, machines: search.machines, ...next } as typeof search })
                }
              />
            ) : null}
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
