import { client } from '@/api/client';
import { keysText } from '@/ui/shortcutKeys';
import { usePageActions } from '@/ui/pageActions';
import { problemText } from '@/ui/problemText';
import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconNote } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProfileCache } from './profile';
import classes from './profile.module.css';

/** A note on the contact. What is typed stays in this tab until it is saved, even over a reload. */
export function NoteComposer({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const draftKey = `millrace.note.${contactId}`;
  const field = useRef<HTMLTextAreaElement>(null);
  const cache = useProfileCache(contactId);
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey) ?? '');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  usePageActions([
    { id: 'contact.note', label: t('note.add'), icon: IconNote, keys: 'n', run: () => field.current?.focus() },
  ]);
  const change = (next: string) => {
    setText(next);
    setError(undefined);
    if (next === '') sessionStorage.removeItem(draftKey);
    else sessionStorage.setItem(draftKey, next);
  };
  const save = async () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    try {
      const { data } = await client.POST('/api/app/contacts/{id}/notes', {
        params: { path: { id: contactId } },
        body: { text },
      });
      if (data) cache.set((c) => ({ ...c, notes: [data, ...c.notes] }));
      change('');
      await cache.refreshTimeline();
    } catch (problem) {
      setError(problemText(problem).text);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={classes.panel} aria-label={t('note.add')}>
      <Textarea
        ref={field}
        aria-label={t('note.label')}
        placeholder={t('note.placeholder')}
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        {...(error === undefined ? {} : { error })}
        onChange={(e) => change(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            void save();
          }
        }}
      />
      <Group justify="space-between" mt="sm">
        <Text size="xs" c="dimmed">
          {t('note.keys', { keys: keysText('mod+enter') })}
        </Text>
        <Button size="xs" loading={busy} disabled={text.trim() === ''} onClick={() => void save()}>
          {t('note.add')}
        </Button>
      </Group>
    </section>
  );
}
