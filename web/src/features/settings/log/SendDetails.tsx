import type { components } from '@/api/schema';
import { ErrorState } from '@/ui/ErrorState';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Alert, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconMailX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Dialogue } from './Dialogue';
import { SendStateBadge } from './SendStateBadge';
import { useReason } from './useReason';

type Props = { send: components['schemas']['DeliveryLogSendView'] | undefined; error: unknown };

/** One mail: what became of it and why, and every attempt with the receiver's words. */
export function SendDetails({ send: view, error }: Props) {
  const { t } = useTranslation('settings');
  const reason = useReason();
  if (error) return <ErrorState error={error} />;
  if (view === undefined) return <Skeleton height={180} radius="md" />;
  const { send, attempts, reply_text, bounces } = view;
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>
          <TaggedText text={send.subject} />
        </Text>
        <Text size="sm" c="dimmed">
          {send.to ?? t('log.no_address')}
        </Text>
      </div>
      <Group gap="sm">
        <SendStateBadge state={send.state} />
        {send.reason ? <Text size="sm">{reason.long(send.reason)}</Text> : null}
      </Group>
      {send.next_at && send.state === 'deferred' ? (
        <Text size="sm">
          {t('log.next')} <When at={send.next_at} mode="full" />
        </Text>
      ) : null}
      {reply_text ? <Code block>{reply_text}</Code> : null}
      {send.state === 'sent'
        ? bounces.map((b) => (
            <Alert
              key={b.class}
              color="red"
              icon={<IconMailX size={18} aria-hidden />}
              title={t(`log.bounce.${b.kind}`, { why: reason.short(b.class) })}
            >
              <Text size="sm">
                <When at={b.bounced_at} mode="full" /> · {reason.long(b.class)}
              </Text>
              {b.detail ? (
                <Code block mt={6}>
                  {[b.code, b.detail].filter(Boolean).join(' ')}
                </Code>
              ) : null}
            </Alert>
          ))
        : null}
      <Title order={3}>{t('log.every_attempt')}</Title>
      {attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(send.attempts > 0 ? 'log.first_attempt' : 'log.no_attempt')}
        </Text>
      ) : (
        <Stack component="ol" gap="sm" style={{ margin: 0, paddingInlineStart: 20 }}>
          {attempts.map((attempt) => (
            <li key={attempt.no}>
              <Group gap={6}>
                <When at={attempt.attempted_at} mode="full" />
                <Text size="sm" c="dimmed">
                  {t('log.at_stage', { stage: attempt.stage })}
                </Text>
              </Group>
              <Code block mt={4}>
                {[attempt.reply_code, attempt.reply_text].filter(Boolean).join(' ') || attempt.class}
              </Code>
              {attempt.dialogue ? <Dialogue text={attempt.dialogue} /> : null}
            </li>
          ))}
        </Stack>
      )}
    </Stack>
  );
}
