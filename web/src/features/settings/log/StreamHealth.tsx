import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { AppLink } from '@/ui/AppLink';
import { formatNumber } from '@/ui/format';
import { When } from '@/ui/When';
import { Alert, Anchor, Button, Collapse, Group, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlayerPause } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './health.module.css';
import { useReason } from './useReason';

type Health = components['schemas']['SendingHealthHealth'];

/** How often it is asked for; milliseconds. */
const lookAgain = 10_000;

/** What waits, how fast it goes, and who puts us off: one line, with the domains behind it. */
export function StreamHealth() {
  const query = api.useQuery('get', '/api/app/sending/health', {}, { refetchInterval: lookAgain });
  if (query.data === undefined) return query.error ? null : <Skeleton height={74} mb="md" radius="md" />;
  return <Shown health={query.data} />;
}

function Shown({ health }: { health: Health }) {
  const { t } = useTranslation('settings');
  const reason = useReason();
  const [open, { toggle }] = useDisclosure(false);
  const figures: [string, ReactNode, string | undefined][] = [
    [
      t('health.waiting'),
      formatNumber(health.waiting) + (health.capped ? '+' : ''),
      health.waiting > 0 ? 'waiting' : undefined,
    ],
    [t('health.oldest'), health.oldest_due_at ? <When at={health.oldest_due_at} /> : t('health.none'), undefined],
    [t('health.rate'), formatNumber(health.per_minute), undefined],
    [t('health.sent'), formatNumber(health.sent), undefined],
    [t('health.failed'), formatNumber(health.failed), health.failed > 0 ? 'bad' : undefined],
    [
      t('health.deferred'),
      formatNumber(health.deferred) + (health.capped ? '+' : ''),
      health.deferred > 0 ? 'waiting' : undefined,
    ],
  ];
  return (
    <section className={classes.health} aria-label={t('health.title')}>
      {health.pause ? (
        <Alert color="yellow" mb="sm" icon={<IconPlayerPause size={18} aria-hidden />} title={t('health.paused')}>
          <Text size="sm">
            {reason.long(health.pause.reason)} {health.pause.detail}{' '}
            {health.pause.until ? (
              <>
                {t('health.until')} <When at={health.pause.until} mode="full" />.
              </>
            ) : null}{' '}
            <Anchor component={AppLink} to={'/settings/sending' as string} size="sm">
              {t('health.to_sending')}
            </Anchor>
          </Text>
        </Alert>
      ) : null}
      <dl className={classes.figures}>
        {figures.map(([label, value, tone]) => (
          <div key={label} data-tone={tone}>
            <dt>{label}</dt>
            <dd className="tabular">{value}</dd>
          </div>
        ))}
      </dl>
      {health.domains.length === 0 ? null : (
        <>
          <Group justify="flex-start" mt={6}>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-expanded={open}
              rightSection={
                <IconChevronDown size={14} aria-hidden style={{ transform: open ? 'rotate(180deg)' : undefined }} />
              }
              onClick={toggle}
            >
              {t('health.domains', { count: health.domains.length })}
            </Button>
          </Group>
          <Collapse expanded={open}>
            <Table.ScrollContainer minWidth={620}>
              <Table verticalSpacing={6} fz="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('health.domain')}</Table.Th>
                    <Table.Th ta="end">{t('health.mails')}</Table.Th>
                    <Table.Th>{t('health.why')}</Table.Th>
                    <Table.Th>{t('health.since')}</Table.Th>
                    <Table.Th>{t('health.next')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {health.domains.map((d) => (
                    <Table.Tr key={d.domain}>
                      <Table.Td fw={600}>{d.domain}</Table.Td>
                      <Table.Td ta="end" className="tabular">
                        {formatNumber(d.mails)}
                      </Table.Td>
                      <Table.Td>
                        {reason.short(d.reason)}
                        {d.reply ? (
                          <Text size="xs" c="dimmed" lineClamp={2}>
                            {d.reply}
                          </Text>
                        ) : null}
                      </Table.Td>
                      <Table.Td>
                        <When at={d.oldest_at} />
                      </Table.Td>
                      <Table.Td>
                        <When at={d.next_at} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Collapse>
        </>
      )}
    </section>
  );
}
