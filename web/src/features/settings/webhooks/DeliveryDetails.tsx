import type { components } from '@/api/schema';
import { When } from '@/ui/When';
import { Button, Code, Stack, Table, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AppLink } from '@/ui/AppLink';

type Props = { delivery: components['schemas']['WebhookDeliveryView']; busy: boolean; onReplay?: () => void };

export function DeliveryDetails({ delivery: d, busy, onReplay }: Props) {
  const { t } = useTranslation('settings');
  const rows: [string, ReactNode][] = [
    [
      t('webhooks.url'),
      <span key="url" style={{ overflowWrap: 'anywhere' }}>
        {d.method} {d.url}
      </span>,
    ],
    [t('log.state'), t(`webhooks.states.${d.state}`)],
    [t('webhooks.status'), d.status_code ?? (d.problem ? t(`webhooks.problems.${d.problem}`) : '–')],
    [t('log.attempts'), d.attempts],
    [t('webhooks.created'), <When key="at" at={d.created_at} mode="full" />],
    ...(d.next_at && d.state === 'queued'
      ? [[t('log.next'), <When key="next" at={d.next_at} mode="full" />] as [string, ReactNode]]
      : []),
    [
      t('webhooks.from'),
      d.automation_id === null ? (
        t(`webhooks.sources.${d.source}`)
      ) : (
        <AppLink key="from" to={`/automations/${d.automation_id}` as string} search={{ step: d.step_key } as never}>
          {t('webhooks.automation', { id: d.automation_id })}
        </AppLink>
      ),
    ],
  ];
  return (
    <Stack gap="md">
      <Table variant="vertical" layout="fixed">
        <Table.Tbody>
          {rows.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th w={130}>{label}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          {t('webhooks.answer')}
        </Text>
        <Code block>{d.answer || t('webhooks.no_answer')}</Code>
      </div>
      {onReplay ? (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={busy}
          onClick={onReplay}
          style={{ alignSelf: 'start' }}
        >
          {t('webhooks.replay')}
        </Button>
      ) : null}
    </Stack>
  );
}
