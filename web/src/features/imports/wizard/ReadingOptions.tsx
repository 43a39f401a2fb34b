import { Alert, Group, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Preview } from './mapping';
import type { Reading } from './MappingStep';

type Props = { preview: Preview; reading: Reading; onReading: (reading: Reading) => void };

/** Encoding, divider and first row: found by the server, changeable where it guessed wrong. */
export function ReadingOptions({ preview, reading, onReading }: Props) {
  const { t } = useTranslation('imports');
  const known = [',', ';', '\t', '|'];
  const delimiters = [...new Set([...known, preview.delimiter])].map((value) => ({
    value,
    label: known.includes(value) ? t(`reading.delimiters.${known.indexOf(value)}`) : value,
  }));
  return (
    <>
      <Group align="end" gap="md">
        <Select
          w={170}
          label={t('reading.delimiter')}
          allowDeselect={false}
          data={delimiters}
          value={preview.delimiter}
          onChange={(delimiter) => onReading({ ...reading, delimiter })}
        />
        <Select
          w={190}
          label={t('reading.encoding')}
          allowDeselect={false}
          data={preview.encodings}
          value={preview.encoding ?? preview.suggested_encoding}
          onChange={(encoding) => onReading({ ...reading, encoding })}
        />
        <Switch
          pb={8}
          label={t('reading.header')}
          checked={preview.has_header}
          onChange={(e) => onReading({ ...reading, header: e.currentTarget.checked })}
        />
      </Group>
      {preview.encoding === null ? (
        <Alert color="yellow">{t('reading.encoding_unknown', { encoding: preview.suggested_encoding })}</Alert>
      ) : null}
    </>
  );
}
