import { Divider, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';
import { ActionsOfMails } from './ActionsOfMails';
import { EditPanel } from './EditPanel';
import { SummaryCard } from './SummaryCard';
import { useSave } from './useSave';

const word = (c: Campaign) =>
  c.track_opens && c.track_clicks ? 'both' : c.track_opens ? 'only_opens' : c.track_clicks ? 'only_clicks' : 'none';

export function TrackingCard({ campaign, edits }: { campaign: Campaign; edits: boolean }) {
  const { t } = useTranslation('campaigns');
  const [editing, setEditing] = useState(false);
  return (
    <SummaryCard
      title={t('card.tracking')}
      done
      line={[t(`tracking.${word(campaign)}`), campaign.track_replies ? t('tracking.with_replies') : '']
        .filter(Boolean)
        .join(' ')}
      onEdit={edits ? () => setEditing(true) : undefined}
    >
      {editing ? <TrackingPanel campaign={campaign} onClose={() => setEditing(false)} /> : null}
    </SummaryCard>
  );
}

function TrackingPanel({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const save = useSave(campaign, onClose);
  const [opens, setOpens] = useState(campaign.track_opens);
  const [clicks, setClicks] = useState(campaign.track_clicks);
  const [replies, setReplies] = useState(campaign.track_replies);
  return (
    <EditPanel
      title={t('card.tracking')}
      saving={save.saving}
      onClose={onClose}
      onSave={() => save.run({ track_opens: opens, track_clicks: clicks, track_replies: replies })}
    >
      <Switch
        label={t('tracking.opens')}
        description={t('tracking.opens_help')}
        checked={opens}
        onChange={(e) => setOpens(e.currentTarget.checked)}
      />
      <Switch
        label={t('tracking.clicks')}
        description={t('tracking.clicks_help')}
        checked={clicks}
        onChange={(e) => setClicks(e.currentTarget.checked)}
      />
      <Switch
        label={t('tracking.replies')}
        description={t('tracking.replies_help')}
        checked={replies}
        onChange={(e) => setReplies(e.currentTarget.checked)}
      />
      <Divider />
      <ActionsOfMails campaign={campaign} />
    </EditPanel>
  );
}
