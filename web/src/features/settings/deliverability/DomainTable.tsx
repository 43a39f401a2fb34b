import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './deliverability.module.css';
import { shareText, toneOf, type Tone } from './share';

type Props = { domains: readonly components['schemas']['DeliverabilityDomainFigures'][]; others: number };

/** The recipients' domains, the largest first, each with its rates. */
export function DomainTable({ domains, others }: Props) {
  const { t } = useTranslation('settings');
  return (
    <section aria-labelledby="by-domain">
      <Title order={2} id="by-domain" mb="xs">
        {t('deliverability.by_domain')}
      </Title>
      <Table.ScrollContainer minWidth={620} type="native" className={classes.table}>
        <Table verticalSpacing={8} highlightOnHover aria-labelledby="by-domain">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('deliverability.domain')}</Table.Th>
              {(['tried', 'delivered', 'bounced', 'block', 'complained', 'deferred'] as const).map((key) => (
                <Table.Th key={key} ta="end">
                  {t(`deliverability.figures.${key}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {domains.map(({ domain, figures: f }) => (
              <Table.Tr key={domain}>
                <Table.Th scope="row" fw={500}>
                  {domain}
                </Table.Th>
                <Cell text={formatNumber(f.tried)} />
                <Cell text={shareText(f.delivered, f.tried)} />
                <Cell text={shareText(f.hard + f.soft, f.tried)} tone={toneOf(f.hard + f.soft, f.tried, 0.02, 0.05)} />
                <Cell text={shareText(f.block, f.tried)} tone={toneOf(f.block, f.tried, 0.05, 0.2)} />
                <Cell
                  text={shareText(f.complained, f.delivered)}
                  tone={toneOf(f.complained, f.delivered, 0.0008, 0.002)}
                />
                <Cell text={formatNumber(f.deferred)} tone={toneOf(f.deferred, f.tried + f.deferred, 0.3, 1.1)} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {others > 0 ? (
        <Text size="xs" c="dimmed" mt={6}>
          {t('deliverability.others', { count: others, shown: formatNumber(others) })}
        </Text>
      ) : null}
    </section>
  );
}

const Cell = ({ text, tone }: { text: string; tone?: Tone }) => (
  <Table.Td ta="end" className={`tabular ${classes.cell}`} data-tone={tone}>
    {text}
  </Table.Td>
);
