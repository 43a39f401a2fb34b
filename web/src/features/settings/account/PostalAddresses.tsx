import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { FormSection } from '@/ui/FormSection';
import { toastProblem } from '@/ui/toasts';
import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AddressDialog } from './AddressDialog';

export type PostalAddress = components['schemas']['AddressPostalAddress'];

type Props = {
  readOnly: boolean;
  /** What stands here while there is no address: the account's typed one. */
  typed: ReactNode;
};

/** The addresses that mails bear at their foot. */
export function PostalAddresses({ readOnly, typed }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const list = api.useQuery('get', '/api/app/addresses', {});
  const lists = api.useQuery('get', '/api/app/lists', {});
  const [edited, setEdited] = useState<PostalAddress | 'new' | null>(null);
  const [dropped, setDropped] = useState<PostalAddress | null>(null);
  const refresh = async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/addresses'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/account'] }),
    ]);
  };
  const choose = api.useMutation('post', '/api/app/addresses/{id}/default', {
    onSuccess: refresh,
    onError: toastProblem,
  });
  const remove = api.useMutation('delete', '/api/app/addresses/{id}', { onSuccess: refresh, onError: toastProblem });
  const items = list.data?.items ?? [];
  const nameOf = new Map((lists.data?.items ?? []).map((l) => [l.id, l.name]));
  return (
    <FormSection title={t('addresses.title')} text={t('addresses.text')}>
      {list.data && items.length === 0 ? typed : null}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((a) => (
          <Card key={a.id} component="li" withBorder radius="md" padding="md">
            <Group justify="space-between" align="flex-start" gap="sm">
              <div>
                <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
                  {a.text}
                </Text>
                {a.list_ids.length > 0 ? (
                  <Text size="xs" c="dimmed" mt={4}>
                    {t('addresses.lists', { names: a.list_ids.map((id) => nameOf.get(id) ?? id).join(', ') })}
                  </Text>
                ) : null}
              </div>
              {a.is_default ? <Badge variant="light">{t('addresses.default')}</Badge> : null}
            </Group>
            {readOnly ? null : (
              <Group gap="xs" mt="sm">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t('addresses.edit_of', { name: a.company_name })}
                  onClick={() => setEdited(a)}
                >
                  {t('addresses.edit')}
                </Button>
                {a.is_default ? null : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('addresses.default_of', { name: a.company_name })}
                    onClick={() => choose.mutate({ params: { path: { id: a.id } } })}
                  >
                    {t('addresses.make_default')}
                  </Button>
                )}
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={t('addresses.remove_of', { name: a.company_name })}
                  onClick={() => setDropped(a)}
                >
                  {t('addresses.remove')}
                </Button>
              </Group>
            )}
          </Card>
        ))}
      </Stack>
      {readOnly ? null : (
        <Group>
          <Button
            variant={items.length === 0 ? 'filled' : 'default'}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setEdited('new')}
          >
            {t('addresses.add')}
          </Button>
        </Group>
      )}
      {edited === null ? null : (
        <AddressDialog address={edited === 'new' ? null : edited} onSaved={refresh} onClose={() => setEdited(null)} />
      )}
      {dropped === null ? null : (
        <ConfirmDialog
          opened
          danger
          title={t('addresses.remove_title')}
          effect={t('addresses.remove_text')}
          confirmLabel={t('addresses.remove')}
          onConfirm={() => remove.mutateAsync({ params: { path: { id: dropped.id } } })}
          onClose={() => setDropped(null)}
        />
      )}
    </FormSection>
  );
}
