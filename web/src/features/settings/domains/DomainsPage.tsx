import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { Stack } from '@mantine/core';
import { IconWorldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';
import { AddDomainForm } from './AddDomainForm';
import { DomainCard } from './DomainCard';

/** Domains we sign mail for, with the DNS records that let receivers check it. */
export function DomainsPage() {
  const { t } = useTranslation('settings');
  const query = api.useQuery('get', '/api/app/sender-domains', {});
  return (
    <LoadedPage page="domains" query={query}>
      {({ domains }) => (
        <Stack gap="lg" maw={980}>
          <AddDomainForm />
          {domains.length === 0 ? (
            <EmptyState icon={IconWorldCheck} title={t('domains.empty')} text={t('domains.empty_text')} />
          ) : (
            domains.map((domain) => <DomainCard key={domain.id} domain={domain} />)
          )}
        </Stack>
      )}
    </LoadedPage>
  );
}
