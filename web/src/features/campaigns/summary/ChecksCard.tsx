import { api } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { ActionIcon, Button, Card, Group, Skeleton, Text, Title, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconRefresh,
  IconWorldSearch,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign } from '../api';
import classes from '../campaigns.module.css';

const looks = {
  error: { icon: IconCircleX, color: 'var(--mantine-color-red-6)' },
  warning: { icon: IconAlertTriangle, color: 'var(--mantine-color-orange-6)' },
  note: { icon: IconInfoCircle, color: 'var(--mantine-color-blue-6)' },
} as const;

export const useChecks = (id: number, enabled = true) =>
  api.useQuery('get', '/api/app/campaigns/{id}/checks', { params: { path: { id } } }, { enabled });

/** What the checks found, the gravest first. The mail itself, its links, pictures and spam rules are looked at on request, for that takes its time. */
export function ChecksCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const checks = useChecks(campaign.id, campaign.is_editable);
  const [wanted, setWanted] = useState(false);
  const slow = api.useQuery(
    'get',
    '/api/app/campaigns/{id}/checks',
    { params: { path: { id: campaign.id }, query: { slow: true } } },
    { enabled: wanted && campaign.is_editable, staleTime: 60_000 },
  );
  if (!campaign.is_editable) return null;
  const shown = wanted && slow.data ? slow.data : checks.data;
  const findings = (shown?.checks ?? []).flatMap((c) => c.findings);
  const of = (severity: keyof typeof looks) => findings.filter((f) => f.severity === severity);
  const errors = of('error').length;
  const warnings = of('warning').length;
  const sum =
    errors > 0
      ? t('checks.errors', { count: errors })
      : warnings > 0
        ? t('checks.warnings', { count: warnings })
        : t('checks.all_well');
  return (
    <Card withBorder radius="md" component="section" aria-label={t('checks.title')}>
      <Group justify="space-between">
        <Title order={2} size="h5">
          {t('checks.title')}
        </Title>
        <Tooltip label={t('checks.again')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('checks.again')}
            loading={checks.isFetching}
            onClick={() => void checks.refetch()}
          >
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      {checks.isPending ? <Skeleton height={60} mt="xs" /> : null}
      {checks.error ? <Text size="sm">{problemText(checks.error).text}</Text> : null}
      {checks.data ? (
        <>
          <Group gap={6} mt={4} wrap="nowrap">
            {errors + warnings === 0 ? (
              <IconCircleCheck size={18} color="var(--mantine-color-teal-6)" aria-hidden />
            ) : null}
            <Text size="sm" fw={500}>
              {sum}
            </Text>
          </Group>
          <ul className={classes.findings}>
            {(['error', 'warning', 'note'] as const).flatMap((severity) =>
              of(severity).map((f, i) => {
                const { icon: Icon, color } = looks[severity];
                const many = campaign.type === 'split' && f.variant_no !== null;
                return (
                  <li key={`${severity}${f.code}${f.variant_no ?? ''}${i}`}>
                    <Icon
                      size={16}
                      color={color}
                      style={{ flex: 'none', marginTop: 3 }}
                      role="img"
                      aria-label={t(`checks.${severity}`)}
                    />
                    <Text size="sm">
                      {many ? `${t('subject.variant', { letter: letterOf(f.variant_no ?? 1) })}: ` : ''}
                      {f.message}
                    </Text>
                  </li>
                );
              }),
            )}
          </ul>
        </>
      ) : null}
      {wanted && slow.error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(slow.error).text}
        </Text>
      ) : null}
      <Button
        fullWidth
        mt="xs"
        size="xs"
        variant="light"
        loading={wanted && slow.isFetching}
        leftSection={<IconWorldSearch size={16} aria-hidden />}
        onClick={() => (wanted ? void slow.refetch() : setWanted(true))}
      >
        {t('checks.look')}
      </Button>
    </Card>
  );
}
