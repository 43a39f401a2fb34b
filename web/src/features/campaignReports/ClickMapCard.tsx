import { api } from '@/api/client';
import type { ReportCounting } from '@/api/reports';
import { Card, Group, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './clickMap.module.css';

/** The mail as it was sent, with a number at each link. */
export function ClickMapCard({ id, counting }: { id: number; counting: ReportCounting }) {
  const { t } = useTranslation('campaignReports');
  const [variant, setVariant] = useState<number>();
  const map = api.useQuery(
    'get',
    '/api/app/campaigns/{id}/click-map',
    { params: { path: { id }, query: { ...counting, ...(variant === undefined ? {} : { variant }) } } },
    // The drawing is kept for ten minutes only.
    { staleTime: 300_000, retry: false },
  );
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-labelledby="click-map">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4" id="click-map">
              {t('map.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('map.text')}
            </Text>
          </div>
          {map.data && map.data.variants.length > 1 ? (
            <SegmentedControl
              size="xs"
              aria-label={t('map.variant')}
              value={String(variant ?? map.data.variants[0]?.no ?? 1)}
              onChange={(no) => setVariant(Number(no))}
              data={map.data.variants.map(({ no }) => ({ value: String(no), label: String.fromCharCode(64 + no) }))}
            />
          ) : null}
        </Group>
        {map.data ? (
          <iframe
            className={classes.frame}
            title={t('map.frame')}
            src={map.data.url}
            sandbox="allow-popups"
            referrerPolicy="no-referrer"
          />
        ) : map.error ? (
          <Text size="sm" c="dimmed">
            {t('map.none')}
          </Text>
        ) : (
          <Skeleton height={420} radius="md" />
        )}
      </Stack>
    </Card>
  );
}
