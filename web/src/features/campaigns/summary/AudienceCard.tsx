import { api } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { problemText } from '@/ui/problemText';
import { MultiSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCampaign, useListNames, type Campaign } from '../api';
import { EditPanel } from './EditPanel';
import { SegmentPicker, useSegmentNames } from './SegmentPicker';
import { SummaryCard } from './SummaryCard';
import { leftOutText, useAudience } from './useAudience';
import { useSave } from './useSave';

type Props = { campaign: Campaign; edits: boolean };

/** Lists, a segment, and who is left out; with the count of who will get it. */
export function AudienceCard({ campaign, edits }: Props) {
  const { t } = useTranslation('campaigns');
  const [editing, setEditing] = useState(false);
  const lists = useListNames();
  const ids = [campaign.segment_id, campaign.exclude_segment_id].filter((id) => id !== null);
  const segments = useSegmentNames(ids);
  const audience = useAudience(campaign, edits || campaign.started_at === null);
  const name = (id: number) => lists.get(id) ?? `#${id}`;
  const without = [
    ...campaign.exclude_list_ids.map(name),
    ...(campaign.exclude_segment_id === null ? [] : [segments.get(campaign.exclude_segment_id) ?? '']),
  ];
  const line =
    campaign.list_ids.length === 0
      ? t(campaign.type === 'automated' ? 'type.automated' : 'audience.none')
      : [
          campaign.list_ids.map(name).join(', '),
          ...(campaign.segment_id === null
            ? []
            : [t('audience.in_segment', { name: segments.get(campaign.segment_id) ?? '' })]),
          ...(without.length === 0 ? [] : [t('audience.without', { names: without.join(', ') })]),
        ].join(' ');
  return (
    <SummaryCard
      title={t('card.audience')}
      done={campaign.list_ids.length > 0 || campaign.type === 'automated'}
      line={line}
      onEdit={edits ? () => setEditing(true) : undefined}
    >
      <Again campaign={campaign} />
      {audience.data && campaign.list_ids.length > 0 && campaign.started_at === null ? (
        <Text size="sm" mt={4}>
          {t('audience.count', {
            chosen: formatNumber(audience.data.chosen),
            reachable: formatNumber(audience.data.reachable),
          })}
          {audience.data.left_out.length > 0 ? `; ${leftOutText(t, audience.data)}` : '.'}
        </Text>
      ) : null}
      {audience.error ? (
        <Text size="sm" c="var(--mantine-color-error)" mt={4}>
          {problemText(audience.error).text}
        </Text>
      ) : null}
      {editing ? <AudiencePanel campaign={campaign} onClose={() => setEditing(false)} /> : null}
    </SummaryCard>
  );
}

/** Of a second sending: what the first has to do with it. */
function Again({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const first = useCampaign(campaign.parent_id ?? 0);
  if (campaign.resend_to === null || first.data === undefined) return null;
  const openers = campaign.resend_to === 'non_openers';
  return (
    <>
      <Text size="sm" mt={4}>
        {t(openers ? 'audience.not_openers' : 'audience.newcomers', { name: first.data.name })}
      </Text>
      {openers ? (
        <Text size="xs" c="dimmed">
          {t('audience.not_openers_note')}
        </Text>
      ) : null}
    </>
  );
}

function AudiencePanel({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const save = useSave(campaign, onClose);
  const all = api.useQuery('get', '/api/app/lists', {});
  const [rule, setRule] = useState({
    id: campaign.id,
    list_ids: campaign.list_ids,
    segment_id: campaign.segment_id,
    exclude_list_ids: campaign.exclude_list_ids,
    exclude_segment_id: campaign.exclude_segment_id,
  });
  const audience = useAudience(rule);
  const data = (all.data?.items ?? []).map((l) => ({ value: String(l.id), label: l.name }));
  return (
    <EditPanel
      title={t('card.audience')}
      saving={save.saving}
      onClose={onClose}
      onSave={() =>
        save.run({
          list_ids: rule.list_ids,
          segment_id: rule.segment_id,
          exclude_list_ids: rule.exclude_list_ids,
          exclude_segment_id: rule.exclude_segment_id,
        })
      }
    >
      <MultiSelect
        label={t('audience.lists')}
        description={t('audience.lists_help')}
        placeholder={rule.list_ids.length === 0 ? t('audience.lists_placeholder') : ''}
        data={data}
        searchable
        value={rule.list_ids.map(String)}
        onChange={(ids) => setRule({ ...rule, list_ids: ids.map(Number) })}
      />
      <SegmentPicker
        label={t('audience.segment')}
        placeholder={t('audience.segment_placeholder')}
        value={rule.segment_id}
        onChange={(segment_id) => setRule({ ...rule, segment_id })}
      />
      <MultiSelect
        label={t('audience.exclude_lists')}
        placeholder={rule.exclude_list_ids.length === 0 ? t('audience.exclude_placeholder') : ''}
        data={data}
        searchable
        value={rule.exclude_list_ids.map(String)}
        onChange={(ids) => setRule({ ...rule, exclude_list_ids: ids.map(Number) })}
      />
      <SegmentPicker
        label={t('audience.exclude_segment')}
        placeholder={t('audience.exclude_placeholder')}
        value={rule.exclude_segment_id}
        onChange={(exclude_segment_id) => setRule({ ...rule, exclude_segment_id })}
      />
      <Text size="sm" role="status">
        {rule.list_ids.length === 0
          ? ''
          : audience.data
            ? `${t('audience.count', { chosen: formatNumber(audience.data.chosen), reachable: formatNumber(audience.data.reachable) })}. ${leftOutText(t, audience.data)}`
            : audience.error
              ? problemText(audience.error).text
              : t('audience.counting')}
      </Text>
    </EditPanel>
  );
}
