import { api } from '@/api/client';
import { CopyField } from '@/ui/CopyField';
import { FormSection } from '@/ui/FormSection';
import { Badge, Group, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeSample } from '../CodeSample';
import { LoadedPage } from '../LoadedPage';

const sample = (id: number, key: string) =>
  [
    `curl ${window.location.origin}/event \\`,
    `  -d "actid=${id}" \\`,
    `  -d "key=${key}" \\`,
    `  -d "event=Watched the demo" \\`,
    `  -d "eventdata=minute 12" \\`,
    `  --data-urlencode 'visit={"email":"ann@example.com"}'`,
  ].join('\n');

/** How a site or a program tells that a contact did something. */
export function TrackingPage() {
  const { t } = useTranslation('settings');
  const query = api.useQuery('get', '/api/app/event-tracking', {});
  return (
    <LoadedPage page="tracking" query={query}>
      {({ account_id, key, events }) => (
        <>
          <FormSection title={t('tracking.credentials')} text={t('tracking.credentials_text')}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <CopyField label={t('tracking.id')} value={String(account_id)} />
              <CopyField label={t('tracking.key')} value={key} />
            </SimpleGrid>
            <CopyField label={t('tracking.address')} value={`${window.location.origin}/event`} />
          </FormSection>
          <FormSection title={t('tracking.example')} text={t('tracking.example_text')}>
            <CodeSample label={t('tracking.sample')} code={sample(account_id, key)} />
            <Text size="sm" c="dimmed">
              {t('tracking.answer')}
            </Text>
          </FormSection>
          <FormSection title={t('tracking.events')} text={t('tracking.events_text')}>
            {events.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('tracking.no_events')}
              </Text>
            ) : (
              <Group gap={6}>
                {events.map((name) => (
                  <Badge key={name} color="indigo" size="lg">
                    {name}
                  </Badge>
                ))}
              </Group>
            )}
          </FormSection>
        </>
      )}
    </LoadedPage>
  );
}
