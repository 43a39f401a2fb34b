import type { components } from '@/api/schema';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Anchor, Code, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useReason } from '../log/useReason';
import classes from './inbound.module.css';

type Props = { view: components['schemas']['InboundMailInboundView'] | undefined; error: unknown };

/** One inbound mail: what it was taken for, and its parts. Its HTML has a frame without scripts, forms, pictures or this page's origin. */
export function InboundDetails({ view, error }: Props) {
  const { t } = useTranslation('settings');
  const reason = useReason();
  if (error) return <ErrorState error={error} />;
  if (view === undefined) return <Skeleton height={220} radius="md" />;
  const { mail } = view;
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>
          <TaggedText text={mail.subject || t('inbound.no_subject')} />
        </Text>
        <Text size="sm" c="dimmed">
          {mail.sender || t('inbound.nobody')} · <When at={mail.received_at} mode="full" />
        </Text>
      </div>
      <Text size="sm">{t(`inbound.means.${mail.kind}`)}</Text>
      {mail.reason ? <Text size="sm">{reason.long(mail.reason)}</Text> : null}
      {mail.detail ? <Code block>{mail.detail}</Code> : null}
      <dl className={classes.facts}>
        <dt>{t('inbound.to')}</dt>
        <dd>{mail.recipient}</dd>
        {mail.contact_id && mail.contact_email ? (
          <>
            <dt>{t('inbound.contact')}</dt>
            <dd>
              <Anchor component={AppLink} to={`/contacts/${mail.contact_id}` as string} size="sm">
                {mail.contact_email}
              </Anchor>
            </dd>
          </>
        ) : null}
        {mail.forward_to && mail.forward_state ? (
          <>
            <dt>{t('inbound.forwarded')}</dt>
            <dd>
              {mail.forward_to} ({t(`inbound.forward_states.${mail.forward_state}`)})
              {mail.forward_state !== 'sent' && view.forward_reply ? ` · ${view.forward_reply}` : ''}
            </dd>
          </>
        ) : null}
        {view.attachments.length > 0 ? (
          <>
            <dt>{t('inbound.attachments')}</dt>
            <dd>{view.attachments.map((a) => a.name || a.type).join(', ')}</dd>
          </>
        ) : null}
      </dl>
      <Tabs defaultValue={view.text ? 'text' : view.has_html ? 'html' : 'headers'} keepMounted={false}>
        <Tabs.List aria-label={t('inbound.view')}>
          <Tabs.Tab value="text">{t('inbound.views.text')}</Tabs.Tab>
          {view.has_html ? <Tabs.Tab value="html">{t('inbound.views.html')}</Tabs.Tab> : null}
          <Tabs.Tab value="headers">{t('inbound.views.headers')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="text">
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls, and what scrolls must be reachable by keys. */}
          <pre className={classes.plain} tabIndex={0}>
            {view.text ?? t('inbound.no_text')}
          </pre>
        </Tabs.Panel>
        <Tabs.Panel value="html">
          <iframe
            className={classes.frame}
            title={t('inbound.frame')}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            referrerPolicy="no-referrer"
            src={`/api/app/inbound-mail/${mail.id}/html`}
          />
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls, and what scrolls must be reachable by keys. */}
          <pre className={classes.plain} tabIndex={0}>
            {view.headers.map((h) => `${h.name}: ${h.value}`).join('\n')}
          </pre>
        </Tabs.Panel>
      </Tabs>
      <Group>
        <Anchor size="sm" href={`/api/app/inbound-mail/${mail.id}/source`} target="_blank" rel="noreferrer">
          {t('inbound.source')}
        </Anchor>
      </Group>
    </Stack>
  );
}
