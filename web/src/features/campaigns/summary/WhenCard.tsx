import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recurs, type Campaign } from '../api';
import { EditPanel } from './EditPanel';
import { Occasion, occasionText, plain } from './Occasion';
import { SummaryCard } from './SummaryCard';
import { Timing } from './Timing';
import { useSave } from './useSave';
import { wentText, whenText } from './whenText';

/** Its hour, or its occasion. */
export function WhenCard({ campaign, edits }: { campaign: Campaign; edits: boolean }) {
  const { t } = useTranslation('campaigns');
  const [editing, setEditing] = useState(false);
  const r = campaign.recurrence;
  const done =
    (campaign.type !== 'rss' || Boolean(r?.url)) && (campaign.type !== 'date' || (r?.field_id ?? null) !== null);
  return (
    <SummaryCard
      title={t('card.when')}
      done={done}
      line={recurs(campaign) ? occasionText(t, campaign) : (wentText(t, campaign) ?? whenText(t, campaign))}
      onEdit={edits ? () => setEditing(true) : undefined}
    >
      {editing ? <WhenPanel campaign={campaign} onClose={() => setEditing(false)} /> : null}
    </SummaryCard>
  );
}

function WhenPanel({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const save = useSave(campaign, onClose);
  const [part, setPart] = useState({
    schedule_local: campaign.schedule_local,
    schedule_zone: campaign.schedule_zone,
    is_predictive: campaign.is_predictive,
    recurrence: campaign.recurrence,
  });
  return (
    <EditPanel title={t('card.when')} saving={save.saving} onClose={onClose} onSave={() => save.run(part)}>
      {recurs(campaign) ? (
        <Occasion
          type={campaign.type}
          value={part.recurrence ?? plain}
          onChange={(recurrence) => setPart({ ...part, recurrence })}
        />
      ) : (
        <Timing
          value={part}
          zone={campaign.zone}
          scheduled={campaign.status === 'scheduled'}
          onChange={(timing) => setPart({ ...part, ...timing })}
        />
      )}
    </EditPanel>
  );
}
