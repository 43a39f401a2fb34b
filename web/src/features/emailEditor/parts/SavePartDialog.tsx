import { api } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findBlock, findSection, updateBlock, updateSection } from '../document/operations';
import { newSection, writeSection } from '../document/read';
import { useEditorStore } from '../document/store';

/** Keeps a block or a section for other mails: as a copy, or as one source that all mails show. */
export function SavePartDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const store = useEditorStore();
  const queryClient = useQueryClient();
  const { design } = store.getState().content;
  const block = findBlock(design, id)?.block;
  const section = block ? newSection(1, [block]) : findSection(design, id);
  const [name, setName] = useState(section?.name ?? '');
  const [category, setCategory] = useState('');
  const [shared, setShared] = useState(false);
  const save = api.useMutation('post', '/api/app/design-parts', {
    onSuccess: (part) => {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/design-parts'] });
      // From now on the source stands here too.
      if (part.is_shared)
        store
          .getState()
          .edit((d) =>
            block
              ? updateBlock(d, id, { kind: 'shared', options: { part: part.id }, padding: 0, background: null })
              : updateSection(d, id, { shared: part.id, columns: [] }),
          );
      onClose();
    },
  });
  if (!section) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(block ? 'saved.keep_block' : 'saved.keep_section')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          save.mutate({
            body: {
              name: name.trim(),
              category: category.trim(),
              is_shared: shared,
              is_block: block !== undefined,
              section: writeSection(section) as never,
            },
          });
        }}
      >
        <Stack>
          <TextInput
            label={t('saved.name')}
            required
            data-autofocus
            maxLength={100}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Radio.Group
            value={shared ? 'shared' : 'saved'}
            onChange={(v) => setShared(v === 'shared')}
            label={t('saved.how')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="saved" label={t('saved.as_copy')} description={t('saved.as_copy_text')} />
              <Radio value="shared" label={t('saved.as_shared')} description={t('saved.as_shared_text')} />
            </Stack>
          </Radio.Group>
          <TextInput
            label={t('saved.category')}
            maxLength={50}
            value={category}
            onChange={(e) => setCategory(e.currentTarget.value)}
          />
          {save.error ? <Alert color="red">{problemText(save.error).text}</Alert> : null}
          <Group justify="end">
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {t('saved.keep')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
