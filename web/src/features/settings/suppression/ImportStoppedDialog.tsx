import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { toastProblem } from '@/ui/toasts';
import { Alert, Button, FileButton, Group, List, Modal, Select, Stack, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chunksOf, chunkSize } from './importEntries';
import { suppressionEntries, type SuppressionEntry } from './suppressionEntries';

type Result = components['schemas']['ImportSuppressionsResult'];
type Reason = components['schemas']['SuppressionReason'];
const reasons: readonly Reason[] = ['hard', 'complaint', 'unsubscribe', 'manual'];

/** What another mail service no longer mailed: a CSV file with addresses and, if it has them, reasons. */
export function ImportStoppedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const [file, setFile] = useState<{ name: string; entries: SuppressionEntry[] } | null>(null);
  const [reason, setReason] = useState<Reason>('unsubscribe');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Result | null>(null);
  const run = async (entries: readonly SuppressionEntry[]) => {
    setBusy(true);
    const total: Result = { stopped: 0, already: 0, refused: 0, examples: [] };
    try {
      for (const [part, chunk] of chunksOf(entries, chunkSize).entries()) {
        const { data } = await client.POST('/api/app/suppressions/import', { body: { entries: chunk, reason } });
        if (data === undefined) continue;
        total.stopped += data.stopped;
        total.already += data.already;
        total.refused += data.refused;
        total.examples.push(...data.examples.map((x) => ({ ...x, line: x.line + part * chunkSize })));
      }
      setDone(total);
    } catch (problem) {
      toastProblem(problem);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/suppressions'] });
    }
  };
  const entries = file?.entries ?? [];
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('suppression.take_over')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      {done ? (
        <Stack gap="md">
          <Alert color="teal" role="status">
            {t('suppression.taken_over', {
              count: done.stopped,
              stopped: formatNumber(done.stopped),
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
          <Text size="sm">{t('suppression.take_over_text')}</Text>
          <FileButton
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(chosen) =>
              void chosen?.text().then((text) => setFile({ name: chosen.name, entries: suppressionEntries(text) }))
            }
          >
            {(props) => (
              <Button variant="default" leftSection={<IconFileText size={16} aria-hidden />} {...props}>
                {file ? file.name : t('suppression.file')}
              </Button>
            )}
          </FileButton>
          <Select
            label={t('suppression.default_reason')}
            description={t('suppression.default_reason_help')}
            allowDeselect={false}
            data={reasons.map((value) => ({ value, label: t(`suppression.reasons.${value}`) }))}
            value={reason}
            onChange={(value) => setReason((value as Reason | null) ?? 'unsubscribe')}
          />
          <Group justify="flex-end">
            <Button loading={busy} disabled={entries.length === 0} onClick={() => void run(entries)}>
              {t('suppression.import_count', { count: entries.length, shown: formatNumber(entries.length) })}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
