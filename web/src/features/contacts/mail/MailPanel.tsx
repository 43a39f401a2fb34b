import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { SidePanel } from '@/ui/SidePanel';
import { When } from '@/ui/When';
import { Alert, Anchor, Badge, Button, Divider, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

type Props = { mailId: number | null; onClose: () => void; onReply?: (replyId: number | undefined) => void };

/** One 1:1 e-mail with what became of it and what was answered. */
export function MailPanel({ mailId, onClose, onReply }: Props) {
  const { t } = useTranslation('personalMail');
  return (
    <SidePanel opened={mailId !== null} onClose={onClose} title={t('mail.title')} width={620}>
      {mailId === null ? null : <Mail id={mailId} {...(onReply ? { onReply } : {})} />}
    </SidePanel>
  );
}

/** The automations that the mail is to start, and what became of it. */
function Starts({ starts }: { starts: components['schemas']['ConversationStartView'][] }) {
  const { t } = useTranslation('personalMail');
  return starts.map((s) => (
    <Text key={s.cause} size="sm">
      {t(s.at === null ? `automate.will.${s.cause}` : s.reason === null ? 'automate.entered' : 'automate.not_entered')}{' '}
      <Anchor component={AppLink} to={`/automations/${s.automation_id}`} size="sm">
        {s.automation}
      </Anchor>
      {s.reason === null ? '' : `: ${t(`automate.reasons.${s.reason}`, { defaultValue: s.reason })}`}{' '}
      {s.at === null ? null : (
        <Text span c="dimmed">
          <When at={s.at} />
        </Text>
      )}
    </Text>
  ));
}

const tones: Record<string, string> = { sent: 'teal', failed: 'red', cancelled: 'gray', queued: 'blue' };

function Mail({ id, onReply }: { id: number; onReply?: (replyId: number | undefined) => void }) {
  const { t } = useTranslation('personalMail');
  const query = api.useQuery('get', '/api/app/personal-mails/{id}', { params: { path: { id } } });
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={320} />;
  const mail = query.data;
  const troubled = mail.recipients.filter((r) => r.state !== 'sent');
  return (
    <Stack gap="md">
      <div>
        <Group justify="space-between" wrap="nowrap" align="start">
          <Text fw={600}>{mail.subject}</Text>
          <Badge variant="light" color={tones[mail.state] ?? 'gray'} style={{ flexShrink: 0 }}>
            {t(`mail.states.${mail.state}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {mail.from_name ? `${mail.from_name} <${mail.from_address}>` : mail.from_address}{' '}
          {mail.queued_at ? <When at={mail.queued_at} /> : null}
        </Text>
        {mail.recipients.map((r) => (
          <Text key={`${r.kind} ${r.address}`} size="sm" c="dimmed">
            {t(`mail.kinds.${r.kind}`)} {r.name ? `${r.name} <${r.address}>` : r.address}
          </Text>
        ))}
      </div>
      {troubled
        .filter((r) => r.reply || r.state === 'failed' || r.state === 'refused' || r.state === 'unknown')
        .map((r) => (
          <Alert
            key={r.address}
            color={r.state === 'deferred' ? 'yellow' : 'red'}
            title={t('mail.trouble', { address: r.address })}
          >
            {r.reply ?? t(`mail.reasons.${r.reason ?? 'other'}`, { defaultValue: r.reason ?? '' })}
          </Alert>
        ))}
      <Group gap="lg">
        <Text size="sm">{t('mail.opens', { count: mail.opens })}</Text>
        <Text size="sm">{t('mail.clicks', { count: mail.clicks })}</Text>
        {mail.by_mailbox && mail.filing === 'done' ? (
          <Text size="sm" c="dimmed">
            {t('mail.filed')}
          </Text>
        ) : null}
      </Group>
      <Starts starts={mail.starts} />
      <Paper withBorder p="md" radius="md">
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {mail.text}
        </Text>
        {mail.files.length > 0 ? <Divider my="sm" /> : null}
        {mail.files.map((file) => (
          <Text key={file.name} size="sm">
            {file.name}{' '}
            <Text span c="dimmed">
              {t('mail.downloads', { count: file.downloads })}
            </Text>
          </Text>
        ))}
      </Paper>
      {mail.replies.map((reply) => (
        <Paper key={reply.id} withBorder p="md" radius="md" bg="var(--mantine-color-default-hover)">
          <Group justify="space-between" mb={4}>
            <Text size="sm" fw={500}>
              {reply.from}
            </Text>
            <Text size="xs" c="dimmed">
              <When at={reply.sent_at ?? reply.received_at} />
            </Text>
          </Group>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {reply.text}
          </Text>
        </Paper>
      ))}
      {onReply ? (
        <Group>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => onReply(mail.replies.at(-1)?.id)}
          >
            {t(mail.replies.length > 0 ? 'mail.answer' : 'mail.write_again')}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
