import { api } from '@/api/client';
import { toProblem } from '@/api/problem';
import { formatNumber } from '@/ui/format';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ImportOptions, noOptions } from './ImportOptions';
import { findErrors, proposed, toChoices, type Preview } from './mapping';
import type { Reading } from './MappingStep';
import { MappingTable } from './MappingTable';
import { ReadingOptions } from './ReadingOptions';
import classes from './wizard.module.css';

type Props = {
  importId: number;
  preview: Preview;
  reading: Reading;
  onReading: (reading: Reading) => void;
  onOtherFile: () => void;
  onStarted: () => void;
};

/** Columns at the left, what to do with the people at the right, and the start. */
export function MappingForm({ importId, preview, reading, onReading, onOtherFile, onStarted }: Props) {
  const { t } = useTranslation('imports');
  const [columns, setColumns] = useState(() => proposed(preview));
  const [options, setOptions] = useState(noOptions);
  const [tried, setTried] = useState(false);
  const errors = findErrors(columns);
  const start = api.useMutation('post', '/api/app/imports/{id}/start', { onSuccess: onStarted });
  const submit = () => {
    setTried(true);
    if (errors.all || errors.byColumn.size > 0) return;
    start.mutate({
      params: { path: { id: importId } },
      body: {
        columns: toChoices(columns),
        delimiter: preview.delimiter,
        has_header: preview.has_header,
        update_existing: options.updateExisting,
        overwrite_with_blank: options.updateExisting && options.overwriteWithBlank,
        lists: options.lists,
        list_status: 'active',
        tags: options.tags,
        trigger_automations: options.triggerAutomations,
        encoding: preview.encoding ?? preview.suggested_encoding,
      },
    });
  };
  const refused = start.error && toProblem(start.error);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
      noValidate
    >
      <div className={classes.layout}>
        <Stack gap="md">
          <ReadingOptions preview={preview} reading={reading} onReading={onReading} />
          {preview.problems.length > 0 ? (
            <Alert color="yellow" title={t('mapping.problems', { count: preview.sampled_rows })}>
              <List size="sm">
                {preview.problems.map((p) => (
                  <List.Item key={p.code}>
                    {t('mapping.problem', {
                      count: p.count,
                      n: formatNumber(p.count),
                      message: p.message,
                      line: p.first_line,
                    })}
                  </List.Item>
                ))}
              </List>
            </Alert>
          ) : null}
          <MappingTable preview={preview} columns={columns} onChange={setColumns} errors={errors.byColumn} />
        </Stack>
        <div className={classes.panel}>
          <ImportOptions options={options} onChange={setOptions} />
          {tried && (errors.all || errors.byColumn.size > 0) ? (
            <Alert color="red" mt="md" role="alert">
              {t(`mapping.errors.${errors.all ?? 'some'}`)}
            </Alert>
          ) : null}
          {refused ? (
            <Alert color="red" mt="md" role="alert">
              {refused.errors.map((e) => e.message).join(' ') || problemText(refused).text}
            </Alert>
          ) : null}
          <Button
            type="submit"
            fullWidth
            mt="lg"
            loading={start.isPending}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
          >
            {t('mapping.start')}
          </Button>
          <Group justify="center" mt="xs">
            <Button variant="subtle" size="compact-sm" onClick={onOtherFile}>
              {t('mapping.other_file')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed" ta="center" mt="xs">
            {t('mapping.start_help')}
          </Text>
        </div>
      </div>
    </form>
  );
}
