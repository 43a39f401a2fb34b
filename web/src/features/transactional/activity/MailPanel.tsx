import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { CopyButton } from '@/ui/CopyButton';
import { ErrorState } from '@/ui/ErrorState';
import { EventTimeline } from '@/ui/EventTimeline';
import { SidePanel } from '@/ui/SidePanel';
import { When } from '@/ui/When';
import { Alert, Badge, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClick,
  IconClock,
  IconEye,
  IconMailX,
  IconSend,
  IconUserMinus,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '../transactional.module.css';
import { MailState } from './MailState';

type View = components['schemas']['SentMailsMailView'];

const looks: Record<string, [Icon, string]> = {
  submitted: [IconSend, 'gray'],
  delivered: [IconCheck, 'teal'],
  delayed: [IconClock, 'yellow'],
  bounced: [IconMailX, 'red'],
  complained: [IconAlertTriangle, 'red'],
  opened: [IconEye, 'indigo'],
  clicked: [IconClick, 'indigo'],
  unsubscribed: [IconUserMinus, 'orange'],
  resubscribed: [IconUserPlus, 'teal'],
  suppressed: [IconBan, 'gray'],
};

/** One mail: its facts, what it looked like, and what became of it. */
export function MailPanel({ id, onClose }: { id: number | undefined; onClose: () => void }) {
  const { t } = useTranslation('transactional');
  const query = api.useQuery(
    'get',
    '/api/app/transactional-mails/{id}',
    { params: { path: { id: id ?? 0 } } },
    { enabled: id !== undefined },
  );
  return (
    <SidePanel
      opened={id !== undefined}
      onClose={onClose}
      title={query.data?.mail.subject || t('mail.no_subject')}
      width={720}
    >
      {query.data !== undefined ? (
        <Details view={query.data} />
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton height={300} aria-busy="true" />
      )}
    </SidePanel>
  );
}

function Details({ view }: { view: View }) {
  const { t } = useTranslation('transactional');
  const { mail } = view;
  return (
    <Stack gap="lg">
      <dl className={classes.facts}>
        <dt>{t('mail.state')}</dt>
        <dd>
          <MailState state={mail.state} />
        </dd>
        <dt>{t('mail.from')}</dt>
        <dd>{view.from_name ? `${view.from_name} <${mail.from_address}>` : mail.from_address}</dd>
        <dt>{t('mail.at')}</dt>
        <dd>
          <When at={mail.submitted_at} mode="full" />
        </dd>
        <dt>{t('mail.stream')}</dt>
        <dd>{mail.stream}</dd>
        {mail.tag ? (
          <>
            <dt>{t('mail.tag')}</dt>
            <dd>{mail.tag}</dd>
          </>
        ) : null}
        {Object.entries(view.metadata).map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
        {view.file_names.length > 0 ? (
          <>
            <dt>{t('mail.files')}</dt>
            <dd>{view.file_names.join(', ')}</dd>
          </>
        ) : null}
        <dt>{t('mail.id')}</dt>
        <dd>
          <Group gap={4} wrap="nowrap">
            <span>{mail.message_id}</span>
            <CopyButton value={mail.message_id} label={t('mail.id')} />
          </Group>
        </dd>
      </dl>
      <div className={`${classes.card} ${classes.scroll}`} style={{ padding: 0 }}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('mail.recipient')}</th>
              <th scope="col">{t('mail.state')}</th>
              <th scope="col">{t('mail.read')}</th>
            </tr>
          </thead>
          <tbody>
            {view.recipients.map((r) => (
              <tr key={r.address}>
                <td>
                  <Badge variant="light" color="gray" mr={6}>
                    {r.kind}
                  </Badge>
                  {r.address}
                </td>
                <td>
                  <MailState state={r.state} />
                </td>
                <td>{r.clicked_at ? t('mail.clicked') : r.opened_at ? t('mail.opened') : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {view.is_forgotten ? (
        <Alert color="gray">{t('mail.forgotten')}</Alert>
      ) : (
        <Tabs defaultValue={view.preview_url ? 'preview' : 'text'}>
          <Tabs.List mb="sm">
            {view.preview_url ? <Tabs.Tab value="preview">{t('mail.preview')}</Tabs.Tab> : null}
            {view.text ? <Tabs.Tab value="text">{t('mail.text')}</Tabs.Tab> : null}
            {view.html ? <Tabs.Tab value="html">{t('mail.source')}</Tabs.Tab> : null}
          </Tabs.List>
          {view.preview_url ? (
            <Tabs.Panel value="preview">
              <iframe
                className={classes.frame}
                title={t('mail.preview')}
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                referrerPolicy="no-referrer"
                src={view.preview_url}
              />
            </Tabs.Panel>
          ) : null}
          <Tabs.Panel value="text">
            <pre className={classes.pre}>{view.text}</pre>
          </Tabs.Panel>
          <Tabs.Panel value="html">
            <pre className={classes.pre}>{view.html}</pre>
          </Tabs.Panel>
        </Tabs>
      )}
      <EventTimeline
        entries={[...view.events].reverse().map((e) => ({
          id: String(e.id),
          icon: looks[e.kind]?.[0] ?? IconClock,
          color: looks[e.kind]?.[1] ?? 'gray',
          at: e.at,
          title: t(`event.${e.kind}`, { recipient: e.recipient }),
          detail: <EventDetail event={e} />,
        }))}
      />
    </Stack>
  );
}

const FactRow = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

function EventDetail({ event }: { event: View['events'][number] }) {
  const { t } = useTranslation('transactional');
  const more = [event.client, event.os, [event.city, event.country].filter(Boolean).join(', ')].filter(Boolean);
  return (
    <>
      {event.type ? (
        <Text size="xs" fw={600}>
          {event.type}
        </Text>
      ) : null}
      {event.detail ? (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {event.detail}
        </Text>
      ) : null}
      {more.length > 0 ? (
        <Text size="xs" c="dimmed">
          {more.join(' · ')}
        </Text>
      ) : null}
      {event.machine ? (
        <Text size="xs" c="dimmed">
          {t('mail.machine')}
        </Text>
      ) : null}
    </>
  );
}
