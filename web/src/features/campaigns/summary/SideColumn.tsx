import { api } from '@/api/client';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { formatNumber } from '@/ui/format';
import { Num } from '@/ui/Num';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Card, Stack, Text } from '@mantine/core';
import { IconCalendarTime, IconPlayerPlay, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recurs, type Campaign } from '../api';
import classes from '../campaigns.module.css';
import { useChecks } from './ChecksCard';
import { SendTestButton } from './SendTestButton';
import { useAudience } from './useAudience';
import { useChanged } from './useSave';
import { whenText } from './whenText';

/** From so many on the number is typed. */
const many = 10_000;

/** How many it comes to, and the button. */
export function SideColumn({ campaign, manages }: { campaign: Campaign; manages: boolean }) {
  const { t } = useTranslation('campaigns');
  const started = campaign.started_at !== null;
  const audience = useAudience(campaign, !started);
  const reachable = started ? campaign.recipients : audience.data?.reachable;
  return (
    <Card withBorder radius="md" component="section" aria-label={t('side.recipients')}>
      <Text size="sm" c="dimmed">
        {t('side.recipients')}
      </Text>
      <div className={classes.big}>
        <Num value={campaign.list_ids.length === 0 ? 0 : reachable} />
      </div>
      <Text size="xs" c="dimmed">
        {t('side.of', { count: started ? campaign.chosen : (audience.data?.chosen ?? 0) })}
      </Text>
      {campaign.status === 'scheduled' && campaign.scheduled_at ? (
        <Text size="sm" mt="xs">
          <When at={campaign.scheduled_at} mode="full" timeZone={campaign.zone} />
        </Text>
      ) : null}
      {manages ? (
        <Stack gap="xs" mt="md">
          <SendTestButton campaign={campaign} />
          <Launch campaign={campaign} reachable={reachable ?? 0} />
        </Stack>
      ) : null}
    </Card>
  );
}

function Launch({ campaign, reachable }: { campaign: Campaign; reachable: number }) {
  const { t } = useTranslation('campaigns');
  const [asking, setAsking] = useState<'once' | 'planned' | null>(null);
  const checks = useChecks(campaign.id, campaign.is_editable);
  const changed = useChanged();
  const path = { id: campaign.id };
  const launch = api.useMutation('post', '/api/app/campaigns/{id}/launch', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const back = api.useMutation('post', '/api/app/campaigns/{id}/unschedule', {
    onSuccess: changed,
    onError: toastProblem,
  });
  if (!['draft', 'scheduled', 'held'].includes(campaign.status)) return null;
  const on = recurs(campaign);
  const timed = campaign.schedule_local !== null && !on && campaign.status === 'draft';
  const ready = checks.data?.can_send === true;
  const words = { name: campaign.name, count: reachable, when: whenText(t, campaign) };
  const planned = asking === 'planned' && timed;
  return (
    <>
      {campaign.status === 'scheduled' ? null : (
        <Button
          disabled={!ready}
          leftSection={
            on ? (
              <IconPlayerPlay size={16} aria-hidden />
            ) : timed ? (
              <IconCalendarTime size={16} aria-hidden />
            ) : (
              <IconSend size={16} aria-hidden />
            )
          }
          onClick={() => setAsking('planned')}
        >
          {t(
            on
              ? 'side.activate'
              : timed
                ? 'side.schedule'
                : campaign.status === 'held'
                  ? 'side.send_late'
                  : 'side.send',
          )}
        </Button>
      )}
      {(timed || campaign.status === 'scheduled') && !on ? (
        <Button
          variant="default"
          disabled={!ready}
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={() => setAsking('once')}
        >
          {t('side.send')}
        </Button>
      ) : null}
      {campaign.status === 'draft' || campaign.started_at !== null ? null : (
        <Button variant="subtle" loading={back.isPending} onClick={() => back.mutate({ params: { path } })}>
          {t('side.unschedule')}
        </Button>
      )}
      {checks.data && !ready ? (
        <Text size="xs" c="dimmed">
          {t('side.not_ready')}
        </Text>
      ) : null}
      <ConfirmDialog
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={t(on ? 'confirm.activate_title' : planned ? 'confirm.schedule_title' : 'confirm.send_title', words)}
        effect={on ? t('confirm.activate') : planned ? t('confirm.schedule', words) : t('confirm.send', words)}
        confirmLabel={
          on ? t('confirm.activate_button') : planned ? t('confirm.schedule_button') : t('confirm.send_button', words)
        }
        {...(!on && reachable > many ? { typed: formatNumber(reachable) } : {})}
        onConfirm={() => launch.mutateAsync({ params: { path }, body: { at_once: asking === 'once' } }).catch(() => {})}
      />
    </>
  );
}
