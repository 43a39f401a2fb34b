import { client } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { ActionIcon, Button, FileButton, Group, Pill, Stack, Text } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './MailComposer';

const size = (bytes: number) =>
  new Intl.NumberFormat(navigator.language, {
    style: 'unit',
    unit: bytes < 1_048_576 ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: bytes < 1_048_576 ? 0 : 1,
  }).format(bytes < 1_048_576 ? Math.max(1, bytes / 1024) : bytes / 1_048_576);

type Props = { contactId: number; files: Draft['files']; onChanged: () => Promise<void> };

export function MailFiles({ contactId, files, onChanged }: Props) {
  const { t } = useTranslation('personalMail');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const change = async (run: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await run();
    } catch (error) {
      setProblem(problemText(error).text);
    } finally {
      await onChanged();
      setBusy(false);
    }
  };
  const attach = (chosen: File[]) =>
    change(async () => {
      for (const file of chosen)
        await client.POST('/api/app/contacts/{id}/personal-draft/files', {
          params: { path: { id: contactId }, query: { name: file.name } },
          headers: { 'Content-Type': 'application/octet-stream' },
          body: file as never,
          bodySerializer: (body) => body as never,
        });
    });
  return (
    <Stack gap={6}>
      <Group gap={6}>
        <FileButton multiple onChange={(chosen) => void attach(chosen)}>
          {(props) => (
            <Button
              {...props}
              size="compact-sm"
              variant="default"
              loading={busy}
              leftSection={<IconPaperclip size={14} aria-hidden />}
            >
              {t('compose.attach')}
            </Button>
          )}
        </FileButton>
        {files.map((file) => (
          <Pill key={file.no} size="md">
            <Group gap={4} wrap="nowrap">
              {file.name}
              <Text span size="xs" c="dimmed">
                {size(file.size)}
              </Text>
              <ActionIcon
                size="xs"
                variant="transparent"
                color="gray"
                aria-label={t('compose.detach', { name: file.name })}
                onClick={() =>
                  void change(() =>
                    client.DELETE('/api/app/contacts/{id}/personal-draft/files/{no}', {
                      params: { path: { id: contactId, no: file.no } },
                    }),
                  )
                }
              >
                <IconX size={12} aria-hidden />
              </ActionIcon>
            </Group>
          </Pill>
        ))}
      </Group>
      {problem ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      ) : null}
    </Stack>
  );
}
