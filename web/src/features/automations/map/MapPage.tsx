import { SearchInput } from '@/ui/filters';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { AppLink } from '@/ui/AppLink';
import { Button, Group, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { loadMap } from '../api/automations';
import classes from './map.module.css';
import { MapTable } from './MapTable';

const MapCanvas = lazy(() => import('./MapCanvas').then((m) => ({ default: m.MapCanvas })));

/** `/automations/map`: who starts and ends whom, as a picture or as a table. */
export function MapPage() {
  const { t } = useTranslation(['builder', 'automations']);
  const navigate = useNavigate();
  const { q, view } = useSearch({ from: '/shell/automations/map' });
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const map = useQuery({ queryKey: ['automations', 'map'], queryFn: ({ signal }) => loadMap(signal) });
  const shown = view === 'list' || view === 'picture' ? view : narrow ? 'list' : 'picture';
  const set = (next: { q?: string; view?: string }) =>
    void navigate({
      to: '/automations/map',
      replace: true,
      search: Object.fromEntries(Object.entries({ q, view, ...next }).filter(([, v]) => v !== undefined && v !== '')),
    });
  const words = (q ?? '').trim().toLowerCase();
  const found = useMemo(
    () =>
      words === '' || !map.data
        ? null
        : new Set(map.data.items.filter((i) => i.name.toLowerCase().includes(words)).map((i) => i.id)),
    [words, map.data],
  );
  const back = (
    <Button variant="default" component={AppLink} to="/automations">
      {t('map.list_link')}
    </Button>
  );
  return (
    <Page wide>
      <PageHeader title={t('map.open')} area={t('title', { ns: 'automations' })} actions={back} />
      <Text size="sm" c="dimmed" mb="sm">
        {t('map.intro')}
      </Text>
      <Group mb="sm">
        <SearchInput label={t('map.search')} value={q ?? ''} onChange={(next) => set({ q: next })} />
        <SegmentedControl
          size="xs"
          aria-label={t('map.view')}
          value={shown}
          onChange={(next) => set({ view: next })}
          data={[
            { value: 'picture', label: t('map.picture') },
            { value: 'list', label: t('map.list') },
          ]}
        />
        {map.data && map.data.items.length < map.data.total ? (
          <Text size="sm" c="dimmed" role="status">
            {t('map.only_linked', { shown: map.data.items.length, count: map.data.total })}
          </Text>
        ) : null}
        {found?.size === 0 ? (
          <Text size="sm" c="dimmed" role="status">
            {t('map.no_match')}
          </Text>
        ) : null}
      </Group>
      {map.error ? <ErrorState error={map.error} onRetry={() => void map.refetch()} /> : null}
      {map.isPending ? <Skeleton height={420} /> : null}
      {map.data?.total === 0 ? (
        <EmptyState icon={IconSitemap} title={t('map.none')} text={t('map.none_text')} />
      ) : map.data ? (
        <>
          {map.data.links.length === 0 ? (
            <Text size="sm" mb="sm">
              {t('map.no_links')}
            </Text>
          ) : null}
          {map.data.items.length === 0 ? null : shown === 'list' ? (
            <MapTable map={map.data} found={found} />
          ) : (
            <div className={classes.frame}>
              <Suspense fallback={<Skeleton height="100%" />}>
                <MapCanvas map={map.data} found={found} />
              </Suspense>
            </div>
          )}
        </>
      ) : null}
    </Page>
  );
}
