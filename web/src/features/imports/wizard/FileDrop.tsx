import { Button, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './wizard.module.css';

/** A place to drop a file on, and a button for those who do not drag. */
export function FileDrop({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation('imports');
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        take(e.dataTransfer.files);
      }}
    >
      <IconFileUpload size={36} stroke={1.3} aria-hidden />
      <Text fw={600} size="lg">
        {t('upload.drop')}
      </Text>
      <Text size="sm" c="dimmed" maw={420}>
        {t('upload.help')}
      </Text>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        aria-label={t('upload.choose')}
        onChange={(e) => take(e.currentTarget.files)}
      />
      <Button mt="sm" onClick={() => input.current?.click()}>
        {t('upload.choose')}
      </Button>
    </div>
  );
}
