import { api } from '@/api/client';
import { useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { Metric } from '@/ui/Metric';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Checklist } from './Checklist';

export function HomePage() {
  const { t } = useTranslation('home');
  const { user } = useSession();
  const home = api.useQuery('get', '/api/app/home', {});
  const open = home.data?.checklist.some((item) => !item.done) ?? false;
  return (
    <Page>
      <PageHeader title={t('title')} subtitle={t('greeting', { name: user.name.split(' ')[0] })} />
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
          {open ? <Checklist items={home.data.checklist} /> : null}
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
