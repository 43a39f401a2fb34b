import { api } from '@/api/client';
import { Button, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign } from '../api';
import { EditPanel } from './EditPanel';
import { SummaryCard } from './SummaryCard';
import { useSave } from './useSave';
import { envelopeOf, useSaveVariants } from './variants';

const sender = (v: { from_name: string; from_address: string }) =>
  [v.from_name, v.from_address && `<${v.from_address}>`].filter(Boolean).join(' ');

/** Who it is from; of a split test each variant may say something else, in its own card. */
export function FromCard({ campaign, edits }: { campaign: Campaign; edits: boolean }) {
  const { t } = useTranslation('campaigns');
  const [editing, setEditing] = useState(false);
  const senders = [...new Set(campaign.variants.map((v) => sender(v) || t('from.account')))];
  const first = campaign.variants[0];
  return (
    <SummaryCard
      title={t('card.from')}
      done
      line={senders.join(' / ')}
      onEdit={edits ? () => setEditing(true) : undefined}
    >
      {first?.reply_to ? (
        <Text size="sm" c="dimmed">
          {t('from.reply_to')}: {first.reply_to}
        </Text>
      ) : null}
      {editing && first ? <FromPanel campaign={campaign} onClose={() => setEditing(false)} /> : null}
    </SummaryCard>
  );
}

function FromPanel({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const [drafts, setDrafts] = useState(() => campaign.variants.map((v) => ({ no: v.no, ...envelopeOf(v) })));
  const [together, setTogether] = useState(new Set(campaign.variants.map(sender)).size <= 1);
  const addresses = api.useQuery('get', '/api/app/addresses', {}).data?.items ?? [];
  const [address, setAddress] = useState(campaign.address_id);
  const settings = useSave(campaign, onClose);
  const save = useSaveVariants(campaign, onClose);
  const saveAddress = address === campaign.address_id ? undefined : () => settings.run({ address_id: address });
  const shown = together ? drafts.slice(0, 1) : drafts;
  const set = (no: number, part: Partial<(typeof drafts)[number]>) =>
    setDrafts(drafts.map((d) => (together || d.no === no ? { ...d, ...part } : d)));
  return (
    <EditPanel
      title={t('card.from')}
      saving={save.saving || settings.saving}
      onClose={onClose}
      onSave={() => save.run(drafts, saveAddress)}
    >
      {shown.map((d) => (
        <fieldset key={d.no} style={{ border: 0, margin: 0, padding: 0 }}>
          {drafts.length > 1 ? (
            <legend>
              <Text size="sm" fw={600}>
                {together ? t('from.all') : t('subject.variant', { letter: letterOf(d.no) })}
              </Text>
            </legend>
          ) : null}
          <TextInput
            label={t('from.name')}
            placeholder={t('from.account')}
            maxLength={200}
            value={d.from_name}
            onChange={(e) => set(d.no, { from_name: e.currentTarget.value })}
          />
          <TextInput
            mt="sm"
            type="email"
            label={t('from.address')}
            placeholder={t('from.account')}
            maxLength={254}
            value={d.from_address}
            onChange={(e) => set(d.no, { from_address: e.currentTarget.value })}
          />
          <TextInput
            mt="sm"
            type="email"
            label={t('from.reply_to')}
            placeholder={t('from.same')}
            maxLength={254}
            value={d.reply_to}
            onChange={(e) => set(d.no, { reply_to: e.currentTarget.value })}
          />
        </fieldset>
      ))}
      {drafts.length > 1 && together ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setTogether(false)}>
          {t('from.each')}
        </Button>
      ) : null}
      {addresses.length > 1 ? (
        <Select
          label={t('from.postal')}
          description={t('from.postal_help')}
          value={address === null ? '' : String(address)}
          onChange={(value) => setAddress(value ? Number(value) : null)}
          allowDeselect={false}
          data={[
            { value: '', label: t('from.postal_default') },
            ...addresses.map((a) => ({ value: String(a.id), label: a.text.split('\n').join(', ') })),
          ]}
        />
      ) : null}
    </EditPanel>
  );
}
