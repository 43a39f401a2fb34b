import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { LineChart } from '@/ui/reports/LineChart';
import { SegmentedControl, Stack, Title } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';
import { ArrivalFigures } from './ArrivalFigures';
import { DomainTable } from './DomainTable';
import { Warnings } from './Warnings';
import { dayChart } from './dayChart';

/** How well mail arrives: what stands out and what to do about it, then the figures by day and by the recipients' domain. */
export function DeliverabilityPage() {
  const { t } = useTranslation('settings');
  const [days, setDays] = useState('30');
  const query = api.useQuery('get', '/api/app/deliverability', { params: { query: { days: Number(days) } } });
  return (
    <LoadedPage
      page="deliverability"
      query={query}
      main={
        <SegmentedControl
          aria-label={t('deliverability.days')}
          value={days}
          onChange={setDays}
          data={['7', '30', '90'].map((value) => ({
            value,
            label: t('deliverability.last', { count: Number(value) }),
          }))}
        />
      }
    >
      {(data) => {
        const chart = dayChart(data.days, t);
        return (
          <Stack gap="lg">
            <Warnings warnings={data.warnings} />
            {data.total.tried + data.total.deferred === 0 ? (
              <EmptyState icon={IconGauge} title={t('deliverability.empty')} text={t('deliverability.empty_text')} />
            ) : (
              <>
                <ArrivalFigures figures={data.total} />
                <section aria-labelledby="by-day">
                  <Title order={2} id="by-day" mb="xs">
                    {t('deliverability.by_day')}
                  </Title>
                  <LineChart label={t('deliverability.by_day')} columns={chart.columns} rows={chart.rows} />
                </section>
                <DomainTable domains={data.domains} others={data.other_domains} />
              </>
            )}
          </Stack>
        );
      }}
    </LoadedPage>
  );
}
