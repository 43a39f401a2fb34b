import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { variablesKey, type Variable } from './VariablesPage';

const tagOf = (text: string) =>
  text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[^A-Z]+|_+$/g, '')
    .slice(0, 100);

export function VariableDialog({ variable, onClose }: { variable: Variable | null; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const [name, setName] = useState(variable?.name ?? '');
  const [typed, setTyped] = useState(variable?.tag ?? '');
  const [content, setContent] = useState(variable?.content ?? '');
  const tag = typed || tagOf(name);
  const done = async (message: string) => {
    toast(message);
    await queryClient.invalidateQueries({ queryKey: variablesKey });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/personalization-tags'] });
    onClose();
  };
  const add = api.useMutation('post', '/api/app/message-variables', {
    onSuccess: () => done(t('variables.added', { tag })),
  });
  const save = api.useMutation('put', '/api/app/message-variables/{id}', {
    onSuccess: () => done(t('variables.saved')),
  });
  const error = add.error ?? save.error;
  const fields = error ? fieldErrors(error) : {};
  const known = ['name', 'tag', 'content'].some((key) => fields[key]);
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    add.reset();
    save.reset();
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(variable ? 'variables.edit' : 'variables.add')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          const body = { name, tag, content };
          if (variable) save.mutate({ params: { path: { id: variable.id } }, body });
          else add.mutate({ body });
        }}
      >
        <Stack gap="md">
          {error && !known ? <Alert color="red">{problemText(error).text}</Alert> : null}
          <TextInput
            label={t('variables.name')}
            data-autofocus
            required
            maxLength={200}
            value={name}
            error={fields['name']}
            onChange={(e) => change(setName)(e.currentTarget.value)}
          />
          <TextInput
            label={t('variables.tag')}
            description={t('variables.tag_help', { tag: tag || 'OFFER' })}
            placeholder={tagOf(name) || 'OFFER'}
            maxLength={100}
            value={typed}
            error={fields['tag']}
            onChange={(e) => change(setTyped)(e.currentTarget.value.toUpperCase().replace(/\s/g, '_'))}
          />
          <Textarea
            label={t('variables.content')}
            description={t('variables.content_help')}
            autosize
            minRows={4}
            maxRows={14}
            maxLength={20_000}
            value={content}
            error={fields['content']}
            onChange={(e) => change(setContent)(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={add.isPending || save.isPending} disabled={name.trim() === '' || tag === ''}>
              {t('variables.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
