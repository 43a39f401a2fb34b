import { Button, FileButton } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A list from a file, which is read here. */
export function EntriesFile({
  name,
  onRead,
}: {
  name: string | undefined;
  onRead: (name: string, text: string) => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <FileButton
      accept=".csv,.txt,text/csv,text/plain"
      onChange={(chosen) => void chosen?.text().then((text) => onRead(chosen.name, text))}
    >
      {(props) => (
        <Button variant="default" leftSection={<IconFileText size={16} aria-hidden />} {...props}>
          {name ?? t('suppression.file')}
        </Button>
      )}
    </FileButton>
  );
}
