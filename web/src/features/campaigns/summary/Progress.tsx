import { api } from '@/api/client';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { formatNumber } from '@/ui/format';
import { Num } from '@/ui/Num';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Badge, Button, Card, Group, Progress as Bar, Text, Title } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconTrophy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, recurs, type Campaign } from '../api';
import classes from '../campaigns.module.css';
import { useChanged } from './useSave';

const percent = { style: 'percent', maximumFractionDigits: 1 } as const;

/** Where every mail stands, as it happens; and the three buttons. */
export function Progress({ campaign, manages }: { campaign: Campaign; manages: boolean }) {
  const { t } = useTranslation('campaigns');
  const path = { id: campaign.id };
  const over = campaign.status === 'completed' || campaign.finished_at !== null;
  const query = api.useQuery(
    'get',
    '/api/app/campaigns/{id}/progress',
    { params: { path } },
    { refetchInterval: over ? false : 5_000 },
  );
  const p = query.data;
  if (p === undefined) return null;
  const done = p.sent + p.failed + p.suppressed + p.cancelled + p.unknown;
  const open = p.queued + p.handoff + p.ambiguous + p.deferred_count;
  const retried = p.deferred.reduce((sum, d) => sum + d.mails, 0);
  const held = Math.max(0, p.deferred_count - p.waiting - retried);
  const figures = [
    ['sent', p.sent],
    ['underway', p.queued - p.later + p.handoff + p.ambiguous],
    ['later', p.later],
    ['waiting', p.waiting],
    ['held', held],
    ['deferred', retried],
    ['failed', p.failed],
    ['suppressed', p.suppressed],
    ['cancelled', p.cancelled],
    ['unknown', p.unknown],
  ] as const;
  return (
    <Card withBorder radius="md" component="section" aria-label={t('progress.title')}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h5">
            {t('progress.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {p.freezing
              ? t('progress.freezing', { count: p.recipients })
              : t('progress.of', { done: formatNumber(done), all: formatNumber(p.recipients) })}
            {p.per_minute > 0 && open > 0 ? ` · ${t('progress.per_minute', { count: Math.round(p.per_minute) })}` : ''}
          </Text>
        </div>
        {manages ? <Buttons campaign={campaign} open={open} /> : null}
      </Group>
      <Bar.Root size="lg" mt="sm">
        <Bar.Section
          value={p.recipients === 0 ? 0 : (p.sent / p.recipients) * 100}
          color="teal"
          aria-label={t('progress.bar')}
        />
        <Bar.Section
          value={p.recipients === 0 ? 0 : ((p.failed + p.unknown + p.suppressed) / p.recipients) * 100}
          color="red"
          aria-label={t('progress.failed')}
        />
        <Bar.Section
          value={p.recipients === 0 ? 0 : (p.cancelled / p.recipients) * 100}
          color="gray"
          aria-label={t('progress.cancelled')}
        />
      </Bar.Root>
      <dl className={classes.states}>
        {figures
          .filter(([key, n]) => n > 0 || key === 'sent')
          .map(([key, n]) => (
            <div key={key}>
              <dt>{t(`progress.${key}`)}</dt>
              <dd>
                <Num value={n} />
              </dd>
            </div>
          ))}
      </dl>
      {p.next_at && p.later > 0 ? (
        <Text size="xs" c="dimmed" mt="xs">
          {t('progress.next')} <When at={p.next_at} mode="full" />
        </Text>
      ) : null}
      {p.deferred.length > 0 ? (
        <>
          <Text size="sm" fw={600} mt="md">
            {t('progress.deferred_title')}
          </Text>
          <ul className={classes.findings}>
            {p.deferred.map((d) => (
              <li key={d.domain}>
                <Text size="sm">
                  {t('progress.domain', { domain: d.domain, count: d.mails, reason: d.reason.replaceAll('_', ' ') })}
                </Text>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {p.variants.length > 0 ? <Variants campaign={campaign} figures={p.variants} manages={manages} /> : null}
    </Card>
  );
}

type Figures = { no: number; sent: number; opened: number; clicked: number };

/** How each variant does; the winner by hand. */
function Variants({
  campaign,
  figures,
  manages,
}: {
  campaign: Campaign;
  figures: readonly Figures[];
  manages: boolean;
}) {
  const { t } = useTranslation('campaigns');
  const changed = useChanged();
  const choose = api.useMutation('post', '/api/app/campaigns/{id}/winner', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const rate = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const chooses = manages && campaign.waits_for_winner && campaign.winner_no === null && campaign.frozen_at !== null;
  return (
    <>
      <Text size="sm" fw={600} mt="md">
        {t('progress.variants')}
      </Text>
      <ul className={classes.variants}>
        {figures.map((f) => (
          <li key={f.no} style={{ alignItems: 'center', flexWrap: 'wrap' }}>
            <Badge variant="light" color="orange" aria-label={t('subject.variant', { letter: letterOf(f.no) })}>
              {letterOf(f.no)}
            </Badge>
            <Text size="sm">
              <Num value={f.sent} /> {t('progress.got')} · <Num value={rate(f.opened, f.sent)} options={percent} />{' '}
              {t('progress.opened')} · <Num value={rate(f.clicked, f.sent)} options={percent} /> {t('progress.clicked')}
            </Text>
            {campaign.winner_no === f.no ? (
              <Badge color="grape" leftSection={<IconTrophy size={12} aria-hidden />}>
                {t('progress.winner')}
              </Badge>
            ) : null}
            {chooses ? (
              <Button
                size="compact-xs"
                variant="default"
                loading={choose.isPending}
                onClick={() => choose.mutate({ params: { path: { id: campaign.id } }, body: { no: f.no } })}
              >
                {t('progress.choose')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {campaign.waits_for_winner && campaign.winner_no === null ? (
        <Text size="xs" c="dimmed">
          {campaign.decide_at ? (
            <>
              {t('progress.decides')} <When at={campaign.decide_at} mode="full" />
            </>
          ) : (
            t('progress.by_hand')
          )}
        </Text>
      ) : null}
    </>
  );
}

function Buttons({ campaign, open }: { campaign: Campaign; open: number }) {
  const { t } = useTranslation('campaigns');
  const [stopping, setStopping] = useState(false);
  const changed = useChanged();
  const options = { onSuccess: changed, onError: toastProblem };
  const params = { params: { path: { id: campaign.id } } };
  const pause = api.useMutation('post', '/api/app/campaigns/{id}/pause', options);
  const resume = api.useMutation('post', '/api/app/campaigns/{id}/resume', options);
  const stop = api.useMutation('post', '/api/app/campaigns/{id}/stop', options);
  if (campaign.status !== 'sending' && campaign.status !== 'paused') return null;
  return (
    <Group gap="xs">
      {campaign.status === 'sending' ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={pause.isPending}
          onClick={() => pause.mutate(params)}
        >
          {t('progress.pause')}
        </Button>
      ) : (
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate(params)}
        >
          {t('progress.resume')}
        </Button>
      )}
      {open > 0 || recurs(campaign) ? (
        <Button
          size="xs"
          variant="default"
          c="var(--mantine-color-error)"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setStopping(true)}
        >
          {t('progress.stop')}
        </Button>
      ) : null}
      <ConfirmDialog
        opened={stopping}
        onClose={() => setStopping(false)}
        title={t('confirm.stop_title', { name: campaign.name })}
        effect={t('confirm.stop', { count: open })}
        confirmLabel={t('confirm.stop_button')}
        danger
        onConfirm={() => stop.mutateAsync(params).catch(() => {})}
      />
    </Group>
  );
}
