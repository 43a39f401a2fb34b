import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { problemText } from '@/ui/problemText';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { ActionIcon, Alert, Skeleton, Table, Text, Tooltip } from '@mantine/core';
import { IconBookmarks, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Sections and blocks kept for other mails. */
export function PartsPage() {
  const { t } = useTranslation('design');
  const query = api.useQuery('get', '/api/app/design-parts', {}, { staleTime: 0 });
  const remove = api.useMutation('delete', '/api/app/design-parts/{id}', { onSuccess: () => void query.refetch() });
  const parts = query.data?.parts;
  return (
    <Page>
      <PageHeader title={t('parts.title')} subtitle={t('parts.text')} />
      {query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {remove.error ? (
        <Alert color="red" mb="md">
          {problemText(remove.error).text}
        </Alert>
      ) : null}
      {!parts && !query.error ? <Skeleton height={180} /> : null}
      {parts?.length === 0 ? (
        <EmptyState icon={IconBookmarks} title={t('parts.empty')} text={t('parts.empty_text')} />
      ) : null}
      {parts && parts.length > 0 ? (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('parts.name')}</Table.Th>
                <Table.Th>{t('parts.kind')}</Table.Th>
                <Table.Th>{t('parts.used')}</Table.Th>
                <Table.Th>{t('parts.changed')}</Table.Th>
                <Table.Th aria-label={t('parts.actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {parts.map((part) => (
                <Table.Tr key={part.id}>
                  <Table.Td>
                    <AppLink to="/blocks/$id" params={{ id: String(part.id) } as never}>
                      {part.name}
                    </AppLink>
                    {part.category ? (
                      <Text size="xs" c="dimmed">
                        {part.category}
                      </Text>
                    ) : null}
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge
                      tone={part.is_shared ? 'goal' : 'quiet'}
                      label={t(part.is_shared ? 'parts.shared' : 'parts.saved')}
                    />{' '}
                    {t(part.is_block ? 'parts.block' : 'parts.section')}
                  </Table.Td>
                  <Table.Td>{part.is_shared ? t('parts.mails', { count: part.used_in }) : '–'}</Table.Td>
                  <Table.Td>
                    <When at={part.updated_at} />
                  </Table.Td>
                  <Table.Td>
                    <Tooltip label={part.used_in > 0 ? t('parts.in_use') : t('parts.delete', { name: part.name })}>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('parts.delete', { name: part.name })}
                        data-disabled={part.used_in > 0}
                        onClick={() => part.used_in === 0 && remove.mutate({ params: { path: { id: part.id } } })}
                      >
                        <IconTrash size={16} aria-hidden />
                      </ActionIcon>
                    </Tooltip>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : null}
    </Page>
  );
}
