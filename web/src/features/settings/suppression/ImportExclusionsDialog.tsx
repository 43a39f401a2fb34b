import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { toastProblem } from '@/ui/toasts';
import { Alert, Button, FileButton, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exclusionsKey } from './exclusionsKey';
import { chunksOf, chunkSize, entriesOf } from './importEntries';

type Imported = components['schemas']['ExclusionsImported'];

/** Many at once: pasted, or from a file that is read here and sent in parts. */
export function ImportExclusionsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [file, setFile] = useState<{ name: string; entries: string[] } | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Imported | null>(null);
  const entries = file ? file.entries : entriesOf(text);
  const run = async () => {
    setBusy(true);
    const total: Imported = { added: 0, already: 0, refused: 0, examples: [] };
    try {
      for (const [part, chunk] of chunksOf(entries, chunkSize).entries()) {
        const { data } = await client.POST('/api/app/exclusions/import', { body: { entries: chunk } });
        if (data === undefined) continue;
        total.added += data.added;
        total.already += data.already;
        total.refused += data.refused;
        total.examples.push(...data.examples.map((x) => ({ ...x, line: x.line + part * chunkSize })));
      }
      setDone(total);
    } catch (problem) {
      toastProblem(problem);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: exclusionsKey });
    }
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('suppression.import')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      {done ? (
        <Stack gap="md">
          <Alert color="teal" role="status">
            {t('suppression.imported', {
              count: done.added,
              added: formatNumber(done.added),
              already: formatNumber(done.already),
            })}
          </Alert>
          {done.refused > 0 ? (
            <div>
              <Text size="sm" fw={600}>
                {t('suppression.refused', { count: done.refused })}
              </Text>
              <List size="sm" mt={4}>
                {done.examples.slice(0, 8).map((x) => (
                  <List.Item key={x.line}>
                    <Text span ff="monospace" size="xs">
                      {x.entry}
                    </Text>{' '}
                    {x.message}
                  </List.Item>
                ))}
              </List>
            </div>
          ) : null}
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              {t('close', { ns: 'common' })}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap="md">
          <Textarea
            label={t('suppression.paste')}
            description={t('suppression.paste_help')}
            autosize
            minRows={6}
            maxRows={14}
            data-autofocus
            disabled={file !== null}
            value={file ? '' : text}
            placeholder={'ann@acme.example\nacme.example'}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Group justify="space-between">
            <FileButton
              accept=".csv,.txt,text/csv,text/plain"
              onChange={(chosen) =>
                void chosen?.text().then((content) => setFile({ name: chosen.name, entries: entriesOf(content) }))
              }
            >
              {(props) => (
                <Button variant="default" leftSection={<IconFileText size={16} aria-hidden />} {...props}>
                  {file ? file.name : t('suppression.file')}
                </Button>
              )}
            </FileButton>
            <Button loading={busy} disabled={entries.length === 0} onClick={() => void run()}>
              {t('suppression.import_count', { count: entries.length, shown: formatNumber(entries.length) })}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
