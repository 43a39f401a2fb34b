import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconPalette } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign, type Variant } from '../api';
import classes from '../campaigns.module.css';
import { SummaryCard } from './SummaryCard';

/** The mail, small, and the way to its editor. */
export function ContentCard({ campaign, edits }: { campaign: Campaign; edits: boolean }) {
  const { t } = useTranslation('campaigns');
  const shared = campaign.type !== 'split' || campaign.split?.kind !== 'content';
  const shown = shared ? campaign.variants.slice(0, 1) : campaign.variants;
  const done = shown.every((v) => v.has_content);
  const first = shown[0];
  return (
    <SummaryCard
      title={t('card.content')}
      done={done}
      line={
        !done
          ? t('content.none')
          : campaign.type === 'split' && shared
            ? t('content.of_first')
            : t(first?.is_designed ? 'content.designed' : 'content.own')
      }
    >
      {campaign.type === 'rss' ? (
        <Text size="xs" c="dimmed" mt={4}>
          {t('content.feed_help')}
        </Text>
      ) : null}
      <Group align="flex-start" mt={4}>
        {shown.map((v) => (
          <div key={v.no} style={{ flex: '1 1 240px', minWidth: 0 }}>
            {shown.length > 1 ? (
              <Text size="xs" fw={600}>
                {t('subject.variant', { letter: letterOf(v.no) })}
              </Text>
            ) : null}
            {v.has_content ? <Picture variant={v} /> : null}
            {edits ? (
              <Button
                mt="sm"
                size="xs"
                variant={v.has_content ? 'default' : 'filled'}
                component={AppLink}
                to={`/messages/${v.message_id}?campaign=${campaign.id}`}
                leftSection={<IconPalette size={16} aria-hidden />}
              >
                {t(v.has_content ? 'content.edit' : 'content.design')}
              </Button>
            ) : null}
          </div>
        ))}
      </Group>
    </SummaryCard>
  );
}

/** The server's rendering; drawn at half its size. */
function Picture({ variant }: { variant: Variant }) {
  const { t } = useTranslation('campaigns');
  const message = api.useQuery('get', '/api/app/messages/{id}', { params: { path: { id: variant.message_id } } });
  const m = message.data;
  const preview = api.useQuery(
    'post',
    '/api/app/messages/preview',
    {
      body: {
        message: {
          name: m?.name ?? '',
          kind: m?.kind ?? 'marketing',
          subject: m?.subject ?? '',
          preheader: m?.preheader ?? '',
          from_name: m?.from_name ?? '',
          from_address: '',
          reply_to: '',
          design: m?.design ?? null,
          html: m?.html ?? '',
          text: m?.text ?? '',
          track_opens: false,
          track_clicks: false,
        } as never,
        contact_id: null,
      },
    },
    { enabled: m !== undefined, staleTime: 300_000, retry: false },
  );
  if (preview.error) return null;
  return (
    <div className={classes.picture}>
      {preview.data ? (
        <iframe
          title={t('content.frame')}
          sandbox=""
          referrerPolicy="no-referrer"
          src={preview.data.url}
          loading="lazy"
          tabIndex={-1}
        />
      ) : (
        <Skeleton height="100%" />
      )}
    </div>
  );
}
