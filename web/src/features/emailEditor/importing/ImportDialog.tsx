import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { toastUndo } from '@/ui/toasts';
import { Alert, Button, FileButton, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { IconCode, IconFileImport, IconLayoutGrid } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readDesign } from '../document/read';
import { useEditor } from '../document/store';

type Imported = components['schemas']['ImportHtmlImportedHtml'];

/** A mail made elsewhere: pasted, as a file, or as a ZIP with its pictures; it becomes HTML or blocks. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const html = useEditor((s) => s.content.html);
  const subject = useEditor((s) => s.content.subject);
  const change = useEditor((s) => s.change);
  const undo = useEditor((s) => s.undo);
  const [text, setText] = useState('');
  const read = useMutation({
    mutationFn: async (given: string | File): Promise<Imported> => {
      if (typeof given === 'string') {
        const { data } = await client.POST('/api/app/html-import', { body: { html: given } });
        return data as Imported;
      }
      if (/\.html?$/i.test(given.name)) {
        const { data } = await client.POST('/api/app/html-import', { body: { html: await given.text() } });
        return data as Imported;
      }
      const { data } = await client.POST('/api/app/html-import/zip', {
        headers: { 'Content-Type': 'application/zip' },
        body: given as never,
        bodySerializer: (body: unknown) => body as never,
      });
      return data as Imported;
    },
  });
  const close = () => {
    read.reset();
    setText('');
    onClose();
  };
  const use = (mode: 'html' | 'design') => {
    const found = read.data;
    if (!found) return;
    change({
      mode,
      ...(mode === 'html' ? { html: found.html } : { design: readDesign(found.design) }),
      ...(subject === '' && found.subject !== '' ? { subject: found.subject } : {}),
    });
    toastUndo(t('import.done'), undo);
    close();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={760}
      title={t('import.title')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Stack>
        {read.data ? (
          <>
            <Text>{t('import.found', { count: read.data.blocks })}</Text>
            {read.data.images > 0 ? <Text size="sm">{t('import.images', { count: read.data.images })}</Text> : null}
            {read.data.notes.length > 0 ? (
              <Alert color="yellow" title={t('import.notes')}>
                <List size="sm">
                  {read.data.notes.map((note) => (
                    <List.Item key={note}>{note}</List.Item>
                  ))}
                </List>
              </Alert>
            ) : null}
            <Group justify="end">
              <Button variant="default" onClick={() => read.reset()}>
                {t('import.again')}
              </Button>
              <Button variant="default" leftSection={<IconCode size={16} aria-hidden />} onClick={() => use('html')}>
                {t('import.as_html')}
              </Button>
              <Button
                leftSection={<IconLayoutGrid size={16} aria-hidden />}
                onClick={() => use('design')}
                disabled={read.data.blocks === 0}
              >
                {t('import.as_blocks')}
              </Button>
            </Group>
          </>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {t('import.text')}
            </Text>
            <Textarea
              label={t('import.paste')}
              autosize
              minRows={8}
              maxRows={14}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              spellCheck={false}
              value={text}
              onChange={(e) => setText(e.currentTarget.value)}
            />
            {read.error ? <Alert color="red">{problemText(read.error).text}</Alert> : null}
            <Group justify="space-between">
              <Group gap="xs">
                <FileButton accept=".html,.htm,.zip" onChange={(file) => file && read.mutate(file)}>
                  {(props) => (
                    <Button {...props} variant="default" leftSection={<IconFileImport size={16} aria-hidden />}>
                      {t('import.file')}
                    </Button>
                  )}
                </FileButton>
                {html.trim() !== '' ? (
                  <Button variant="subtle" onClick={() => read.mutate(html)}>
                    {t('import.own')}
                  </Button>
                ) : null}
              </Group>
              <Button loading={read.isPending} disabled={text.trim() === ''} onClick={() => read.mutate(text)}>
                {t('import.read')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
