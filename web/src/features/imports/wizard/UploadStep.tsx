import { toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Progress, Tabs, Text, Textarea } from '@mantine/core';
import { IconClipboard, IconFileTypeCsv } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maxBytes, uploadImport } from '../upload';
import { FileDrop } from './FileDrop';
import classes from './wizard.module.css';

type Props = { onUploaded: (importId: number) => void };

export function UploadStep({ onUploaded }: Props) {
  const { t } = useTranslation('imports');
  const [pasted, setPasted] = useState('');
  const [progress, setProgress] = useState<{ name: string; share: number } | null>(null);
  const [error, setError] = useState<string>();
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const send = async (content: Blob, name: string) => {
    setError(undefined);
    if (content.size > maxBytes) return setError(t('upload.too_large'));
    if (content.size === 0) return setError(t('upload.empty'));
    abort.current = new AbortController();
    setProgress({ name, share: 0 });
    try {
      const view = await uploadImport(content, name, (share) => setProgress({ name, share }), abort.current.signal);
      onUploaded(view.id);
    } catch (problem) {
      if (!(problem instanceof DOMException))
        setError(toProblem(problem).errors[0]?.message ?? problemText(problem).text);
    }
    setProgress(null);
  };

  if (progress)
    return (
      <section className={classes.sending} aria-live="polite">
        <Text fw={600}>{t('upload.sending', { name: progress.name })}</Text>
        <Progress value={100 * progress.share} size="lg" my="md" aria-label={t('upload.progress')} />
        <Text size="sm" c="dimmed" className="tabular">
          {progress.share < 1 ? t('upload.share', { share: progress.share }) : t('upload.reading')}
        </Text>
        <Button variant="default" mt="md" onClick={() => abort.current?.abort()}>
          {t('upload.cancel')}
        </Button>
      </section>
    );
  return (
    <div className={classes.narrow}>
      {error ? (
        <Alert color="red" mb="md" role="alert">
          {error}
        </Alert>
      ) : null}
      <Tabs defaultValue="file" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="file" leftSection={<IconFileTypeCsv size={16} aria-hidden />}>
            {t('upload.file')}
          </Tabs.Tab>
          <Tabs.Tab value="paste" leftSection={<IconClipboard size={16} aria-hidden />}>
            {t('upload.paste')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="file">
          <FileDrop onFile={(file) => void send(file, file.name)} />
        </Tabs.Panel>
        <Tabs.Panel value="paste">
          <Textarea
            label={t('upload.paste_label')}
            description={t('upload.paste_help')}
            placeholder={'email,first name\nann@example.com,Ann'}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            autosize
            minRows={8}
            maxRows={20}
            value={pasted}
            onChange={(e) => setPasted(e.currentTarget.value)}
          />
          <Button
            mt="md"
            disabled={pasted.trim() === ''}
            onClick={() => void send(new Blob([pasted], { type: 'text/csv' }), t('upload.pasted_name'))}
          >
            {t('upload.go_on')}
          </Button>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
