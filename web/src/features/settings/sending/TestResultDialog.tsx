import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { Button, Code, Group, List, Modal, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

type Result = components['schemas']['TestSmtpResult'];
type Props = { opened: boolean; onClose: () => void; result: Result; host: string; to: string };

const logIn = ['connect', 'banner', 'ehlo', 'tls', 'auth'] as const;
const deliver = ['mail', 'rcpt', 'data'] as const;
/** The end of a message is told in one line. */
const shownAs: Record<string, string> = { body: 'data', final_dot: 'data' };

/** How far the connection came, step by step; a failure with the server's own words and what to look at. */
export function TestResultDialog({ opened, onClose, result, host, to }: Props) {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const stages = to === '' ? logIn : [...logIn, ...deliver];
  const stopped = shownAs[result.stage] ?? result.stage;
  const failed = result.ok ? stages.length : stages.findIndex((s) => s === stopped);
  const hint = `sending.hints.${stopped}`;
  const time = formatNumber(result.milliseconds);
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened={opened}
      onClose={onClose}
      title={t(result.ok ? 'sending.test_ok' : 'sending.test_failed', { host })}
    >
      <Stack gap="md">
        <Text size="sm">
          {t(
            result.ok
              ? result.sent_to
                ? 'sending.test_sent_text'
                : 'sending.test_ok_text'
              : 'sending.test_failed_text',
            { time, to: result.sent_to },
          )}
        </Text>
        <List spacing={8} center listStyleType="none">
          {stages.map((stage, index) => {
            const state = index < failed ? 'done' : index === failed ? 'failed' : 'open';
            const Icon = { done: IconCheck, failed: IconX, open: IconMinus }[state];
            return (
              <List.Item
                key={stage}
                icon={
                  <ThemeIcon
                    size={22}
                    radius="xl"
                    variant="light"
                    color={{ done: 'teal', failed: 'red', open: 'gray' }[state]}
                  >
                    <Icon size={14} aria-label={t(`sending.stage_state.${state}`)} />
                  </ThemeIcon>
                }
              >
                <Text size="sm" {...(state === 'open' ? { c: 'dimmed' } : {})}>
                  {t(`sending.stages.${stage}`)}
                </Text>
              </List.Item>
            );
          })}
        </List>
        {result.reply ? (
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              {t('sending.reply')}
            </Text>
            <Code block>{result.reply}</Code>
          </div>
        ) : null}
        {!result.ok && i18n.exists(`settings:${hint}`) ? <Text size="sm">{t(hint)}</Text> : null}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t('close', { ns: 'common' })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
