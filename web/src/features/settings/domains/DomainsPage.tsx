import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { Stack } from '@mantine/core';
import { IconWorldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';
import { AddDomainForm } from './AddDomainForm';
import { DomainCard } from './DomainCard';
import { PolicySwitch } from './PolicySwitch';

/** How often the page looks for what the background checks have found; milliseconds. */
const lookAgain = 15_000;

/** Domains we sign mail for, with the DNS records that let receivers check it. */
export function DomainsPage() {
  const { t } = useTranslation('settings');
  const query = api.useQuery('get', '/api/app/sender-domains', {}, { refetchInterval: lookAgain });
  return (
    <LoadedPage page="domains" query={query}>
      {({ domains, refuse_unverified, refused_by_server, bounce_host }) => (
        <Stack gap="lg" maw={860}>
          <AddDomainForm />
          {domains.length === 0 ? (
            <EmptyState icon={IconWorldCheck} title={t('domains.empty')} text={t('domains.empty_text')} />
          ) : (
            domains.map((domain) => <DomainCard key={domain.id} domain={domain} bounceHost={bounce_host} />)
          )}
          <PolicySwitch refused={refuse_unverified} byServer={refused_by_server} />
        </Stack>
      )}
    </LoadedPage>
  );
}
