import { client } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { toastProblem, toastUndo } from '@/ui/toasts';
import { ActionIcon, Button, Group, Menu, Text, Textarea } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProfileCache, type Note } from './profile';
import classes from './profile.module.css';

/** A note as text, and in place an editor when it may be changed. */
export function NoteText({ note, contactId }: { note: Note; contactId?: number }) {
  const { t } = useTranslation(['contacts', 'common']);
  const cache = useProfileCache(contactId ?? 0);
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string>();

  const save = async () => {
    try {
      const { data } = await client.PUT('/api/app/notes/{id}', {
        params: { path: { id: note.id } },
        body: { text: draft ?? '' },
      });
      if (data) cache.set((c) => ({ ...c, notes: c.notes.map((n) => (n.id === data.id ? data : n)) }));
      setDraft(null);
    } catch (problem) {
      setError(problemText(problem).text);
    }
  };
  const restore = async () => {
    if (contactId === undefined) return;
    await client
      .POST('/api/app/contacts/{id}/notes', { params: { path: { id: contactId } }, body: { text: note.text } })
      .catch(toastProblem);
    await Promise.all([cache.refresh(), cache.refreshTimeline()]);
  };
  const remove = async () => {
    cache.set((c) => ({ ...c, notes: c.notes.filter((n) => n.id !== note.id) }));
    await client
      .DELETE('/api/app/notes/{id}', { params: { path: { id: note.id } } })
      .then(() => toastUndo(t('note.deleted'), () => void restore()), toastProblem);
    await cache.refresh();
  };

  if (draft !== null)
    return (
      <div>
        <Textarea
          mt={6}
          aria-label={t('note.label')}
          autosize
          minRows={2}
          data-autofocus
          value={draft}
          {...(error === undefined ? {} : { error })}
          onChange={(e) => setDraft(e.currentTarget.value)}
        />
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" disabled={draft.trim() === ''} onClick={() => void save()}>
            {t('note.save')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setDraft(null)}>
            {t('common:cancel')}
          </Button>
        </Group>
      </div>
    );
  return (
    <Group align="start" gap={4} wrap="nowrap">
      <Text component="div" size="sm" className={classes.note} flex={1}>
        {note.text}
      </Text>
      {contactId === undefined ? null : (
        <Menu position="bottom-end" width={160}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={26} mt={6} aria-label={t('note.menu')}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDraft(note.text)}>
              {t('note.edit')}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
              {t('note.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
