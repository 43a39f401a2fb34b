import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Button, Group, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export function AddDomainForm() {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [domain, setDomain] = useState('');
  const add = api.useMutation('post', '/api/app/sender-domains', {
    onSuccess: async () => {
      setDomain('');
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/sender-domains'] });
    },
  });
  const error = add.error ? (fieldErrors(add.error)['domain'] ?? problemText(add.error).text) : undefined;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        add.mutate({ body: { domain: domain.trim() } });
      }}
    >
      <Group align="end" gap="sm">
        <TextInput
          label={t('domains.domain')}
          description={t('domains.domain_help')}
          placeholder="news.acme.example"
          required
          flex={1}
          maw={420}
          value={domain}
          error={error}
          onChange={(e) => {
            setDomain(e.currentTarget.value);
            if (add.error) add.reset();
          }}
        />
        <Button type="submit" loading={add.isPending} disabled={domain.trim() === ''}>
          {t('domains.add')}
        </Button>
      </Group>
    </form>
  );
}
