import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exclusionsKey } from './exclusionsKey';

type Mode = components['schemas']['ExclusionMode'];
const modes = ['exactly', 'domain', 'begins_with', 'ends_with'] as const;

export function AddExclusionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const [pattern, setPattern] = useState('');
  const [mode, setMode] = useState<Mode | null>(null);
  const guess: Mode = /^(\*?@)?[^@]*$/.test(pattern.trim()) && pattern.trim() !== '' ? 'domain' : 'exactly';
  const add = api.useMutation('post', '/api/app/exclusions', {
    onSuccess: async () => {
      toast(t('suppression.excluded', { pattern: pattern.trim() }));
      await queryClient.invalidateQueries({ queryKey: exclusionsKey });
      onClose();
    },
  });
  const error = add.error ? (fieldErrors(add.error)['pattern'] ?? problemText(add.error).text) : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('suppression.add')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          add.mutate({ body: { pattern: pattern.trim(), mode } });
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('suppression.pattern')}
            description={t('suppression.pattern_help')}
            placeholder="ann@acme.example"
            data-autofocus
            required
            value={pattern}
            error={error}
            onChange={(e) => {
              setPattern(e.currentTarget.value);
              if (add.error) add.reset();
            }}
          />
          <Select
            label={t('suppression.mode')}
            data={modes.map((value) => ({ value, label: t(`suppression.modes.${value}`) }))}
            allowDeselect={false}
            value={mode ?? guess}
            onChange={(value) => setMode(value as Mode)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={add.isPending} disabled={pattern.trim() === ''}>
              {t('suppression.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
