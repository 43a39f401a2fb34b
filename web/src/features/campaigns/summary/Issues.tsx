import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { StatusBadge } from '@/ui/StatusBadge';
import { Anchor, Card, Group, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';
import { statusKey, toneOf } from '../statusOf';

/** What has come of it: the issues of a feed, second sendings. */
export function Issues({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const list = api.useQuery(
    'get',
    '/api/app/campaigns',
    { params: { query: { parent: campaign.id, limit: 20 } } },
    { enabled: campaign.started_at !== null },
  );
  const items = list.data?.campaigns ?? [];
  if (items.length === 0) return null;
  return (
    <Card withBorder radius="md" component="section" aria-label={t('issues')}>
      <Title order={2} size="h5" mb="xs">
        {t('issues')}
      </Title>
      {items.map((c) => (
        <Group key={c.id} justify="space-between" py={4}>
          <Anchor component={AppLink} to={`/campaigns/${c.id}`} size="sm">
            {c.name}
          </Anchor>
          <StatusBadge tone={toneOf(c)} label={t(statusKey(c))} />
        </Group>
      ))}
    </Card>
  );
}
