import { client } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntriesFile } from './EntriesFile';
import { exclusionsKey } from './exclusionsKey';
import { ImportDialog } from './ImportDialog';
import { entriesOf } from './importEntries';
import { useImport } from './useImport';

/** Many at once: pasted, or from a file that is read here and sent in parts. */
export function ImportExclusionsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [text, setText] = useState('');
  const [file, setFile] = useState<{ name: string; entries: string[] } | null>(null);
  const { busy, done, run } = useImport(async (entries: string[]) => {
    const { data } = await client.POST('/api/app/exclusions/import', { body: { entries } });
    return data && { ...data, count: data.added };
  }, exclusionsKey);
  const entries = file ? file.entries : entriesOf(text);
  return (
    <ImportDialog
      title={t('suppression.import')}
      done={done}
      summary={({ count, already }) =>
        t('suppression.imported', { count, added: formatNumber(count), already: formatNumber(already) })
      }
      onClose={onClose}
    >
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
        <EntriesFile name={file?.name} onRead={(name, content) => setFile({ name, entries: entriesOf(content) })} />
        <Button loading={busy} disabled={entries.length === 0} onClick={() => void run(entries)}>
          {t('suppression.import_count', { count: entries.length, shown: formatNumber(entries.length) })}
        </Button>
      </Group>
    </ImportDialog>
  );
}
