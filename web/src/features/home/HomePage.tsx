import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { Metric } from '@/ui/Metric';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { Grid, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CampaignsUnderWay } from './CampaignsUnderWay';
import { Checklist } from './Checklist';
import { Mails } from './Mails';
import { Running } from './Running';

export function HomePage() {
  const { t } = useTranslation('home');
  const session = useSession();
  const sees = (permission: string) => allows(session, permission);
  const home = api.useQuery('get', '/api/app/home', {});
  const steps = home.data?.checklist ?? [];
  // Until there is a mail there is nothing to draw, and the first steps come first.
  const fresh = steps.some((step) => step.key === 'first_mail' && !step.done);
  const checklist = steps.some((step) => !step.done) ? <Checklist items={steps} /> : null;
  const mails = sees('view_messages') ? <Mails /> : null;
  return (
    <Page>
      <PageHeader title={t('title')} subtitle={t('greeting', { name: session.user.name.split(' ')[0] })} />
      {home.isPending ? <HomeSkeleton /> : null}
      {home.error ? <ErrorState error={home.error} onRetry={() => void home.refetch()} /> : null}
      {home.data ? (
        <Stack gap="md">
          {home.data.metrics.length > 0 ? (
            <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
              {home.data.metrics.map((m) => (
                <Metric key={m.key} label={m.label} value={m.value} changePercent={m.change_percent} />
              ))}
            </SimpleGrid>
          ) : null}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 8 }}>{fresh ? checklist : mails}</Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Stack gap="md">
                {fresh ? null : checklist}
                {sees('view_messages') ? <CampaignsUnderWay /> : null}
                {sees('view_automations') ? <Running /> : null}
              </Stack>
            </Grid.Col>
          </Grid>
        </Stack>
      ) : null}
    </Page>
  );
}

const HomeSkeleton = () => (
  <Stack gap="md" aria-busy="true">
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      {[1, 2, 3, 4].map((i) => (
        <Skeleton key={i} height={76} radius="md" />
      ))}
    </SimpleGrid>
    <Skeleton height={280} radius="md" />
  </Stack>
);
