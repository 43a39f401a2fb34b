import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import type { components } from '@/api/schema';
import { problemText } from '@/ui/problemText';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { domainsKey } from './domainsKey';

type Props = { domain: components['schemas']['SenderDomainsSenderDomainView'] };

/** A sub-domain that links of mails bear; folded away until it is wanted. */
export function TrackingForm({ domain }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [value, setValue] = useState(domain.tracking_host ?? '');
  const [open, setOpen] = useState(domain.tracking_host !== null);
  const save = api.useMutation('put', '/api/app/sender-domains/{id}/tracking', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey }),
  });
  const error = save.error ? (fieldErrors(save.error)['tracking_host'] ?? problemText(save.error).text) : undefined;
  const put = (path: string | null) =>
    save.mutate({ params: { path: { id: domain.id } }, body: { tracking_host: path === '' ? null : path } });
  if (!open)
    return (
      <Group mt="sm" gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            setValue(`links.${domain.domain}`);
            setOpen(true);
          }}
        >
          {t('domains.tracking.add')}
        </Button>
        <Text size="xs" c="dimmed">
          {t('domains.tracking.why')}
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
          label={t('domains.tracking.label')}
          description={t('domains.tracking.help')}
          value={value}
          error={error}
          flex={1}
          maw={420}
          onChange={(e) => {
            setValue(e.currentTarget.value);
            if (save.error) save.reset();
          }}
        />
        <Button
          type="submit"
          variant="default"
          loading={save.isPending}
          disabled={value.trim() === domain.tracking_host}
        >
          {t('domains.tracking.save')}
        </Button>
        {domain.tracking_host === null ? (
          <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
            {t('domains.tracking.cancel')}
          </Button>
        ) : (
          <Button variant="subtle" color="gray" onClick={() => put(null)}>
            {t('domains.tracking.remove')}
          </Button>
        )}
      </Group>
    </form>
  );
}
