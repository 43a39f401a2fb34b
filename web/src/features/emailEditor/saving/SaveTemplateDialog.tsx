import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditorStore } from '../document/store';
import { toInput } from './content';

/** The mail as it stands on the screen becomes a template of the account; the mail itself stays what it is. */
export function SaveTemplateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const store = useEditorStore();
  const queryClient = useQueryClient();
  const [name, setName] = useState(store.getState().content.name);
  const save = api.useMutation('post', '/api/app/templates', {
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/templates'] });
      toast(t('template.saved', { name: name.trim() }));
      onClose();
    },
  });
  const errors = save.error ? fieldErrors(save.error) : {};
  const other = save.error && errors['name'] === undefined ? problemText(save.error).text : null;
  const run = () => {
    const { subject, preheader, design, html, text } = toInput(store.getState().content);
    save.mutate({ body: { name: name.trim(), description: '', subject, preheader, design, html, text } as never });
  };
  return (
    <Modal opened onClose={onClose} title={t('template.title')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          run();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('template.text')}
          </Text>
          <TextInput
            data-autofocus
            required
            label={t('template.name')}
            maxLength={200}
            value={name}
            error={errors['name']}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          {other ? (
            <Text size="sm" c="red" role="alert">
              {other}
            </Text>
          ) : null}
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
            {t('template.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
