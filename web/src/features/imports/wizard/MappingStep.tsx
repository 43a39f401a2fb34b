import { api } from '@/api/client';
import { toProblem } from '@/api/problem';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { Alert, Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MappingForm } from './MappingForm';

type Props = { importId: number; onOtherFile: () => void; onStarted: () => void };

/** How the file is read; null means as the server found. */
export type Reading = { encoding: string | null; delimiter: string | null; header: boolean | null };

/** Loads what the file looks like under the chosen way to read it. */
export function MappingStep({ importId, onOtherFile, onStarted }: Props) {
  const { t } = useTranslation('imports');
  const [reading, setReading] = useState<Reading>({ encoding: null, delimiter: null, header: null });
  const query = {
    ...(reading.encoding === null ? {} : { encoding: reading.encoding }),
    ...(reading.delimiter === null ? {} : { delimiter: reading.delimiter }),
    ...(reading.header === null ? {} : { header: reading.header }),
  };
  const preview = api.useQuery(
    'get',
    '/api/app/imports/{id}/preview',
    { params: { path: { id: importId }, query } },
    { placeholderData: (before: unknown) => before as never, staleTime: Infinity, retry: false },
  );
  if (preview.error && toProblem(preview.error).code === 'import_started')
    return (
      <Alert title={t('mapping.started')}>
        <Button component={AppLink} to={`/contacts/imports/${importId}`} size="xs">
          {t('mapping.to_progress')}
        </Button>
      </Alert>
    );
  if (preview.error)
    return (
      <>
        <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
        <Button variant="default" onClick={onOtherFile}>
          {t('mapping.other_file')}
        </Button>
      </>
    );
  if (preview.data === undefined) return <Skeleton height={360} radius="md" aria-busy="true" />;
  const shape = `${preview.data.delimiter} ${preview.data.has_header} ${preview.data.encoding} ${preview.data.columns.length}`;
  return (
    // Another way of reading makes other columns, so the choices start anew.
    <MappingForm
      key={shape}
      importId={importId}
      preview={preview.data}
      reading={reading}
      onReading={setReading}
      onOtherFile={onOtherFile}
      onStarted={onStarted}
    />
  );
}
