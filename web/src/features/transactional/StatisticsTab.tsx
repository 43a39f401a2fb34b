import { api } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { Metric } from '@/ui/Metric';
import { LineChart } from '@/ui/reports/LineChart';
import { Group, SegmentedControl, Select, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from './ServerPage';
import classes from './transactional.module.css';

// As many lines as the chart has colours.
const lines = ['delivered', 'opened', 'clicked'] as const;

/** How mails went, by day. */
export function StatisticsTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const [days, setDays] = useState('30');
  const [stream, setStream] = useState<string | null>(null);
  const query = api.useQuery('get', '/api/app/mail-servers/{id}/statistics', {
    params: { path: { id: server.id }, query: { days: Number(days), ...(stream ? { stream } : {}) } },
  });
  const data = query.data;
  return (
    <>
      <Group mb="md">
        <SegmentedControl
          aria-label={t('stats.days')}
          value={days}
          onChange={setDays}
          data={['7', '30', '90'].map((value) => ({ value, label: t('stats.last', { days: value }) }))}
        />
        <Select
          aria-label={t('mail.stream')}
          placeholder={t('mail.any_stream')}
          clearable
          value={stream}
          onChange={setStream}
          data={server.streams.filter((s) => s.kind !== 'inbound').map((s) => ({ value: s.key, label: s.name }))}
        />
      </Group>
      {data === undefined ? (
        query.error ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={320} radius="md" aria-busy="true" />
        )
      ) : (
        <>
          <div className={classes.metrics}>
            {(['sent', 'delivered', 'opened', 'clicked', 'bounced', 'complained'] as const).map((what) => (
              <Metric key={what} label={t(`figure.${what}`)} value={data.total[what]} />
            ))}
          </div>
          <div className={classes.card} style={{ marginBottom: 14 }}>
            {data.days.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('stats.nothing')}
              </Text>
            ) : (
              <LineChart
                label={t('tab.statistics')}
                columns={lines.map((key, at) => ({
                  key,
                  at,
                  title: t(`figure.${key}`),
                  unit: 'number' as const,
                  is_before: false,
                }))}
                rows={data.days.map((day) => ({
                  key: day.day,
                  label: day.day,
                  values: lines.map((what) => day[what]),
                  note: null,
                }))}
              />
            )}
          </div>
          <div className={classes.two}>
            <Counts title={t('stats.bounces')} counts={data.bounces} />
            <Counts title={t('stats.programs')} counts={data.programs} />
            <Counts title={t('stats.platforms')} counts={data.platforms} />
          </div>
        </>
      )}
    </>
  );
}

function Counts({ title, counts }: { title: string; counts: readonly { name: string; total: number }[] }) {
  const { t } = useTranslation('transactional');
  return (
    <section className={classes.card} aria-label={title}>
      <Text fw={600} size="sm" mb={8}>
        {title}
      </Text>
      {counts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('stats.none')}
        </Text>
      ) : (
        counts.map((c) => (
          <Group key={c.name} justify="space-between" py={3}>
            <Text size="sm">{c.name}</Text>
            <Text size="sm" fw={600} className="tabular">
              {formatNumber(c.total)}
            </Text>
          </Group>
        ))
      )}
    </section>
  );
}
