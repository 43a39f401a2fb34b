import { api, client } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { toast } from '@/ui/toasts';
import { Select, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../FormDialog';
import { tagsKey, type Tag } from './useTags';

/** Everyone with this tag gets another one instead, and this one is gone. */
export function MergeTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('audience');
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const found = api.useQuery('get', '/api/app/tags', { params: { query: { limit: 50, ...(q ? { q } : {}) } } });
  const form = useForm({
    initialValues: { into: '' },
    validate: { into: (v) => (v === '' ? t('tags.merge_missing') : null) },
  });
  const others = (found.data?.items ?? []).filter((x) => x.id !== tag.id);
  const chosen = others.find((x) => String(x.id) === form.values.into);
  const send = async ({ into }: typeof form.values) => {
    await client.POST('/api/app/tags/{id}/merge', { params: { path: { id: tag.id } }, body: { into: Number(into) } });
    toast(t('tags.merged', { name: tag.name, into: chosen?.name ?? '' }));
    await queryClient.invalidateQueries({ queryKey: tagsKey });
  };
  return (
    <FormDialog
      title={t('tags.merge_title', { name: tag.name })}
      submitLabel={t('tags.merge_confirm')}
      form={form}
      conflictField="into"
      send={send}
      onClose={onClose}
    >
      <Select
        label={t('tags.merge_into')}
        withAsterisk
        searchable
        data-autofocus
        data={others.map((x) => ({ value: String(x.id), label: x.name }))}
        onSearchChange={setText}
        {...form.getInputProps('into')}
        value={form.values.into || null}
        onChange={(v) => form.setFieldValue('into', v ?? '')}
      />
      <Text size="sm" c="dimmed">
        {t('tags.merge_effect', {
          count: tag.contacts,
          n: formatNumber(tag.contacts),
          name: tag.name,
          into: chosen?.name ?? t('tags.the_other'),
        })}
      </Text>
    </FormDialog>
  );
}
