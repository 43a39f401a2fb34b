import { fieldErrors } from '@/api/problem';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { toastProblem } from '@/ui/toasts';
import { Box, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createAutomation } from '../api/automations';
import { RecipeGallery } from '../recipes/RecipeGallery';
import classes from '../recipes/recipes.module.css';
import { ImportForm } from './ImportForm';

/** `/automations/new`: blank, from a document, or from a recipe. */
export function NewAutomationPage() {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [importing, { toggle }] = useDisclosure(false);
  const create = useMutation({
    mutationFn: () => createAutomation({ name: name.trim() }),
    onSuccess: ({ id }) => navigate({ to: '/automations/$id', params: { id: String(id) } }),
    onError: (error) => Object.keys(fieldErrors(error)).length === 0 && toastProblem(error),
  });
  const errors = create.error ? fieldErrors(create.error) : {};
  return (
    <Page>
      <PageHeader title={t('new.title')} area={t('title')} />
      <Stack gap="xl">
        <div className={classes.starts}>
          <section className={classes.start} aria-labelledby="blank">
            <Title order={2} id="blank" size="h4">
              {t('new.blank')}
            </Title>
            <Text size="sm" c="dimmed" mb="sm">
              {t('new.blank_text')}
            </Text>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                create.mutate();
              }}
            >
              <Group align="flex-start" gap="xs" wrap="nowrap">
                <TextInput
                  aria-label={t('name')}
                  placeholder={t('name')}
                  required
                  autoFocus
                  maxLength={200}
                  flex={1}
                  value={name}
                  error={errors['name']}
                  onChange={(e) => setName(e.currentTarget.value)}
                />
                <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
                  {t('list.create')}
                </Button>
              </Group>
            </form>
          </section>
          <section className={classes.start} aria-labelledby="document">
            <Title order={2} id="document" size="h4">
              {t('new.from_file')}
            </Title>
            <Text size="sm" c="dimmed" mb="sm">
              {t('new.from_file_text')}
            </Text>
            <Button
              variant="default"
              leftSection={<IconFileImport size={16} aria-hidden />}
              aria-expanded={importing}
              onClick={toggle}
            >
              {t('new.open_import')}
            </Button>
            {importing ? (
              <Box mt="md">
                <ImportForm />
              </Box>
            ) : null}
          </section>
        </div>
        <RecipeGallery />
      </Stack>
    </Page>
  );
}
