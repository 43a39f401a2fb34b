import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { When } from '@/ui/When';
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlus, IconTemplate } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Server } from '../ServerPage';
import classes from '../transactional.module.css';

/** Templates and layouts that programs fill with a model. */
export function TemplatesTab({ server }: { server: Server }) {
  const { t } = useTranslation('transactional');
  const manages = allows(useSession(), 'manage_messages');
  const navigate = useNavigate();
  const query = api.useQuery('get', '/api/app/mail-servers/{id}/templates', { params: { path: { id: server.id } } });
  const create = manages ? (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => void navigate({ to: `/transactional/${server.id}/templates/new` as string })}
    >
      {t('templates.create')}
    </Button>
  ) : undefined;
  if (query.data === undefined)
    return query.error ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={160} radius="md" aria-busy="true" />
    );
  return query.data.templates.length === 0 ? (
    <EmptyState icon={IconTemplate} title={t('templates.none')} text={t('templates.none_text')} action={create} />
  ) : (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={620}>
          {t('templates.text')}
        </Text>
        {create}
      </Group>
      <div className={classes.cards}>
        {query.data.templates.map((template) => (
          <AppLink
            key={template.id}
            to={`/transactional/${server.id}/templates/${template.id}`}
            className={classes.server}
          >
            <Group gap={8}>
              <Text fw={600} size="sm">
                {template.name}
              </Text>
              {template.is_layout ? <Badge variant="light">{t('templates.layout')}</Badge> : null}
            </Group>
            <Text size="xs" c="dimmed" mt={4}>
              {template.alias ?? `#${template.id}`}
            </Text>
            <Text size="sm" mt={10} truncate>
              {template.subject || t('templates.no_subject')}
            </Text>
            <Text size="xs" c="dimmed" mt={6}>
              <When at={template.updated_at} />
            </Text>
          </AppLink>
        ))}
      </div>
    </Stack>
  );
}
