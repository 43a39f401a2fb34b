import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { useSession } from '@/api/session';
import { LinkActionsPanel } from '@/ui/linkActions/LinkActionsPanel';
import { Card, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The actions of one variant's mail, with its links to choose from once it has been sent. */
export function ActionsCard({ id, variant }: { id: number; variant: components['schemas']['VariantView'] }) {
  const { t } = useTranslation('campaignReports');
  const may = useSession().permissions.includes('manage_messages');
  const map = api.useQuery(
    'get',
    '/api/app/campaigns/{id}/click-map',
    { params: { path: { id }, query: { variant: variant.no } } },
    { retry: false },
  );
  return (
    <Card withBorder radius="md" padding="lg">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            {t('actions.title', { variant: String.fromCharCode(64 + variant.no), subject: variant.subject })}
          </Title>
          <Text size="sm" c="dimmed">
            {t('actions.text')}
          </Text>
        </div>
        <LinkActionsPanel
          messageId={variant.message_id}
          links={map.data?.links.map((l) => l.url) ?? []}
          editable={may}
        />
      </Stack>
    </Card>
  );
}
