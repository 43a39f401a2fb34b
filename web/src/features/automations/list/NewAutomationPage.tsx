import { fieldErrors } from '@/api/problem';
import { FormSection } from '@/ui/FormSection';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { toastProblem } from '@/ui/toasts';
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createAutomation } from '../api/automations';
import { ImportForm } from './ImportForm';

/** `/automations/new`: blank, or from a document. */
export function NewAutomationPage() {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const create = useMutation({
    mutationFn: () =>
      createAutomation({
        name: name.trim(),
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      }),
    onSuccess: ({ id }) => navigate({ to: '/automations/$id', params: { id: String(id) } }),
    onError: (error) => Object.keys(fieldErrors(error)).length === 0 && toastProblem(error),
  });
  const errors = create.error ? fieldErrors(create.error) : {};
  return (
    <Page>
      <PageHeader title={t('new.title')} area={t('title')} />
      <Stack gap="lg" maw={760}>
        <FormSection title={t('new.blank')} text={t('new.blank_text')}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              create.mutate();
            }}
          >
            <Stack gap="md">
              <TextInput
                label={t('name')}
                required
                autoFocus
                maxLength={200}
                value={name}
                error={errors['name']}
                onChange={(e) => setName(e.currentTarget.value)}
              />
              <Textarea
                label={t('settings.description')}
                autosize
                minRows={2}
                value={description}
                onChange={(e) => setDescription(e.currentTarget.value)}
              />
              <Group justify="flex-end">
                <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
                  {t('list.create')}
                </Button>
              </Group>
            </Stack>
          </form>
        </FormSection>
        <FormSection title={t('new.from_file')} text={t('new.from_file_text')}>
          <ImportForm />
        </FormSection>
      </Stack>
    </Page>
  );
}
