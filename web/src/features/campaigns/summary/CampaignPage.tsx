import { allows, useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { StatusBadge } from '@/ui/StatusBadge';
import { AppLink } from '@/ui/AppLink';
import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCampaign, type Campaign } from '../api';
import classes from '../campaigns.module.css';
import { statusKey, toneOf } from '../statusOf';
import { AudienceCard } from './AudienceCard';
import { ChecksCard } from './ChecksCard';
import { ContentCard } from './ContentCard';
import { FromCard } from './FromCard';
import { Issues } from './Issues';
import { MoreMenu } from './MoreMenu';
import { Progress } from './Progress';
import { SideColumn } from './SideColumn';
import { SubjectCard } from './SubjectCard';
import { TrackingCard } from './TrackingCard';
import { WhenCard } from './WhenCard';

/** `/campaigns/:id`: a card for each thing to decide, in any order; what it comes to stands at the right. */
export function CampaignPage() {
  const id = Number((useParams({ strict: false }) as { campaignId?: string }).campaignId);
  const query = useCampaign(id);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return query.data === undefined ? <PageSkeleton /> : <Summary campaign={query.data} />;
}

function Summary({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const manages = allows(useSession(), 'manage_messages');
  const edits = manages && campaign.is_editable;
  const card = { campaign, edits };
  const started = campaign.started_at !== null && campaign.type !== 'automated';
  return (
    <Page>
      <PageHeader
        title={campaign.name}
        area={t('title')}
        subtitle={t(`type.${campaign.type}`)}
        status={<StatusBadge tone={toneOf(campaign)} label={t(statusKey(campaign))} />}
        actions={manages ? <MoreMenu campaign={campaign} /> : null}
        main={
          started || campaign.type === 'automated' ? (
            <Button component={AppLink} to={`/campaigns/${campaign.id}/report`} variant="default">
              {t('report')}
            </Button>
          ) : null
        }
      />
      <Held campaign={campaign} />
      <div className={classes.columns}>
        <Stack gap="md" component="main">
          {started ? <Progress campaign={campaign} manages={manages} /> : null}
          <AudienceCard {...card} />
          <FromCard {...card} />
          <SubjectCard {...card} />
          <ContentCard {...card} />
          <TrackingCard {...card} />
          {campaign.type === 'automated' ? null : <WhenCard {...card} />}
          <Issues campaign={campaign} />
        </Stack>
        <Stack gap="md" component="aside" className={classes.side} aria-label={t('checks.title')}>
          {campaign.type === 'automated' ? null : (
            <>
              <SideColumn campaign={campaign} manages={manages} />
              <ChecksCard campaign={campaign} />
            </>
          )}
        </Stack>
      </div>
    </Page>
  );
}

const known = ['late', 'segment_gone', 'list_gone'] as const;

/** Why it waits for a person. */
function Held({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const reason = campaign.hold_reason;
  if (reason === null) return null;
  const plain = known.find((k) => k === reason);
  const text = plain
    ? t(`held.${plain}`)
    : reason.startsWith('feed: ')
      ? t('held.feed', { why: reason.slice(6) })
      : t('held.other', { why: reason.replace(/^[a-z]+: /, '') });
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} mb="md">
      {text}
    </Alert>
  );
}
