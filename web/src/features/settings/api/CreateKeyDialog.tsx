import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { CopyField } from '@/ui/CopyField';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeSample } from '../CodeSample';

/** Names the key, then shows it: the only time it can be read. */
export function CreateKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/app/api-keys', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/api-keys'] }),
  });
  const made = create.data;
  const close = () => {
    setName('');
    create.reset();
    onClose();
  };
  const error = create.error ? (fieldErrors(create.error)['name'] ?? problemText(create.error).text) : undefined;
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened={opened}
      onClose={close}
      title={made ? t('api.made', { name: made.name }) : t('api.create')}
      closeOnClickOutside={!made}
      size="lg"
    >
      {made ? (
        <Stack gap="md">
          <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {t('api.once')}
          </Alert>
          <CopyField label={t('api.key')} value={made.key} />
          <CodeSample
            label={t('api.sample')}
            code={`curl ${window.location.origin}/api/3/contacts \\\n  -H "Api-Token: ${made.key}"`}
          />
          <Group justify="flex-end">
            <Button onClick={close}>{t('api.stored')}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            create.mutate({ body: { name: name.trim() } });
          }}
        >
          <Stack gap="md">
            <TextInput
              label={t('api.name')}
              description={t('api.name_help')}
              placeholder={t('api.name_example')}
              required
              maxLength={100}
              data-autofocus
              value={name}
              error={error}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('cancel', { ns: 'common' })}
              </Button>
              <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
                {t('api.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
