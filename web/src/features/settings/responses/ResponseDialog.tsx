import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { usePersonalTags } from '@/ui/richText/useTags';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Modal, Select, Skeleton, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { responsesKey, type ResponseItem } from './SavedResponsesPage';

const RichText = lazy(() => import('@/ui/richText/RichText'));

type Props = {
  response: ResponseItem | null;
  categories: readonly components['schemas']['SavedResponseCategoryItem'][];
  onClose: () => void;
};

export function ResponseDialog({ response, categories, onClose }: Props) {
  const { t } = useTranslation(['settings', 'common']);
  const queryClient = useQueryClient();
  const tags = usePersonalTags();
  const [title, setTitle] = useState(response?.title ?? '');
  const [subject, setSubject] = useState(response?.subject ?? '');
  const [body, setBody] = useState(response?.body ?? '');
  const [category, setCategory] = useState(response?.category_id ? String(response.category_id) : null);
  const [fresh, setFresh] = useState('');
  const done = async () => {
    toast(t('responses.saved'));
    await queryClient.invalidateQueries({ queryKey: responsesKey });
    onClose();
  };
  const addCategory = api.useMutation('post', '/api/app/saved-response-categories', {});
  const add = api.useMutation('post', '/api/app/saved-responses', { onSuccess: done });
  const save = api.useMutation('put', '/api/app/saved-responses/{id}', { onSuccess: done });
  const error = addCategory.error ?? add.error ?? save.error;
  const fields = error ? fieldErrors(error) : {};
  const submit = async () => {
    const made = category === 'new' ? await addCategory.mutateAsync({ body: { name: fresh } }) : undefined;
    if (made) setCategory(String(made.id));
    const input = { title, subject, body, category_id: made?.id ?? (category ? Number(category) : null) };
    if (response) await save.mutateAsync({ params: { path: { id: response.id } }, body: input });
    else await add.mutateAsync({ body: input });
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(response ? 'responses.edit' : 'responses.add')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          submit().catch(() => {});
        }}
      >
        <Stack gap="md">
          {error && Object.keys(fields).length === 0 ? <Alert color="red">{problemText(error).text}</Alert> : null}
          <Group grow align="start">
            <TextInput
              label={t('responses.name')}
              data-autofocus
              required
              maxLength={200}
              value={title}
              error={fields['title']}
              onChange={(e) => setTitle(e.currentTarget.value)}
            />
            <Select
              label={t('responses.category')}
              placeholder={t('responses.no_category')}
              clearable
              data={[
                ...categories.map((c) => ({ value: String(c.id), label: c.name })),
                { value: 'new', label: t('responses.new_category') },
              ]}
              value={category}
              error={fields['category_id']}
              onChange={setCategory}
            />
          </Group>
          {category === 'new' ? (
            <TextInput
              label={t('responses.category_name')}
              required
              maxLength={100}
              value={fresh}
              error={fields['name']}
              onChange={(e) => setFresh(e.currentTarget.value)}
            />
          ) : null}
          <TextInput
            label={t('responses.subject')}
            required
            maxLength={1000}
            value={subject}
            error={fields['subject']}
            onChange={(e) => setSubject(e.currentTarget.value)}
          />
          {tags.length === 0 ? (
            <Skeleton height={220} />
          ) : (
            <Suspense fallback={<Skeleton height={220} />}>
              <RichText
                label={t('responses.body')}
                value={body}
                tags={tags}
                {...(fields['body'] ? { error: fields['body'] } : {})}
                onChange={setBody}
              />
            </Suspense>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button
              type="submit"
              loading={addCategory.isPending || add.isPending || save.isPending}
              disabled={title.trim() === '' || subject.trim() === '' || body === ''}
            >
              {t('responses.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
