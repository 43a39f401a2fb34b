import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { Button, Group, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntriesFile } from './EntriesFile';
import { ImportDialog } from './ImportDialog';
import { suppressionEntries, type SuppressionEntry } from './suppressionEntries';
import { useImport } from './useImport';

type Reason = components['schemas']['SuppressionReason'];
const reasons: readonly Reason[] = ['hard', 'complaint', 'unsubscribe', 'manual'];

/** What another mail service no longer mailed: a CSV file with addresses and, if it has them, reasons. */
export function ImportStoppedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [file, setFile] = useState<{ name: string; entries: SuppressionEntry[] } | null>(null);
  const [reason, setReason] = useState<Reason>('unsubscribe');
  const { busy, done, run } = useImport(
    async (entries: SuppressionEntry[]) => {
      const { data } = await client.POST('/api/app/suppressions/import', { body: { entries, reason } });
      return data && { ...data, count: data.stopped };
    },
    ['get', '/api/app/suppressions'],
  );
  const entries = file?.entries ?? [];
  return (
    <ImportDialog
      title={t('suppression.take_over')}
      done={done}
      summary={({ count, already }) =>
        t('suppression.taken_over', { count, stopped: formatNumber(count), already: formatNumber(already) })
      }
      onClose={onClose}
    >
      <Text size="sm">{t('suppression.take_over_text')}</Text>
      <EntriesFile name={file?.name} onRead={(name, text) => setFile({ name, entries: suppressionEntries(text) })} />
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
    </ImportDialog>
  );
}
