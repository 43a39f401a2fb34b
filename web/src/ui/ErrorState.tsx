import { toProblem } from '@/api/problem';
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './CopyButton';
import { problemText } from './problemText';

/** In place of a panel that could not load: what failed, try again, trace id with copy. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation('ui');
  const { title, text } = problemText(error);
  const trace = toProblem(error).trace_id;
  return (
    <Stack role="alert" align="center" gap="sm" p={28} ta="center">
      <IconAlertTriangle size={26} color="var(--mantine-color-error)" aria-hidden />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={460}>
        {text}
      </Text>
      {onRetry ? (
        <Button variant="default" size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRetry}>
          {t('try_again')}
        </Button>
      ) : null}
      {trace ? (
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            {t('trace_id')}
          </Text>
          <Code>{trace}</Code>
          <CopyButton value={trace} label={t('trace_id')} />
        </Group>
      ) : null}
    </Stack>
  );
}
