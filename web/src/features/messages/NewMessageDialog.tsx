import { api } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A name is enough; everything else is the editor's. */
export function NewMessageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['messages', 'common']);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/app/messages', {
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/messages'] });
      await navigate({ to: '/messages/$id' as string, params: { id: String(made.id) } as never });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('create')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          create.mutate({ body: { name: name.trim() } as never });
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('name')}
            description={t('name_help')}
            data-autofocus
            required
            maxLength={200}
            value={name}
            error={create.error ? problemText(create.error).text : undefined}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              {t('create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
