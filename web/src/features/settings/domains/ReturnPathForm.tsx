import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { domainsKey } from './domainsKey';

type Props = { domain: components['schemas']['SenderDomainsSenderDomainView']; bounceHost: string | null };

/** A sub-domain that bounces come back to; folded away until it is wanted. */
export function ReturnPathForm({ domain, bounceHost }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [value, setValue] = useState(domain.return_path ?? '');
  const [open, setOpen] = useState(domain.return_path !== null);
  const save = api.useMutation('put', '/api/app/sender-domains/{id}/return-path', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey }),
  });
  const error = save.error ? (fieldErrors(save.error)['return_path'] ?? problemText(save.error).text) : undefined;
  const put = (path: string | null) =>
    save.mutate({ params: { path: { id: domain.id } }, body: { return_path: path === '' ? null : path } });
  if (!open)
    return (
      <Group mt="sm" gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={bounceHost === null}
          onClick={() => {
            setValue(`bounce.${domain.domain}`);
            setOpen(true);
          }}
        >
          {t('domains.return_path.add')}
        </Button>
        <Text size="xs" c="dimmed">
          {t(bounceHost === null ? 'domains.return_path.no_host' : 'domains.return_path.why')}
        </Text>
      </Group>
    );
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        put(value.trim());
      }}
    >
      <Group align="end" gap="sm" mt="md">
        <TextInput
          label={t('domains.return_path.label')}
          description={t('domains.return_path.help')}
          value={value}
          error={error}
          flex={1}
          maw={420}
          onChange={(e) => {
            setValue(e.currentTarget.value);
            if (save.error) save.reset();
          }}
        />
        <Button type="submit" variant="default" loading={save.isPending} disabled={value.trim() === domain.return_path}>
          {t('domains.return_path.save')}
        </Button>
        {domain.return_path === null ? (
          <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
            {t('domains.return_path.cancel')}
          </Button>
        ) : (
          <Button variant="subtle" color="gray" onClick={() => put(null)}>
            {t('domains.return_path.remove')}
          </Button>
        )}
      </Group>
    </form>
  );
}
