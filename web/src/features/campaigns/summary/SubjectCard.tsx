import { api } from '@/api/client';
import { TaggedText } from '@/ui/TaggedText';
import { toastProblem } from '@/ui/toasts';
import { ActionIcon, Badge, Button, Card, Group, NumberInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign } from '../api';
import classes from '../campaigns.module.css';
import { EditPanel } from './EditPanel';
import { SplitFields, splitText } from './SplitFields';
import { SummaryCard } from './SummaryCard';
import { useChanged, useSave } from './useSave';
import { envelopeOf, useSaveVariants } from './variants';

const maxVariants = 5;

/** What mailboxes show; of a split test all variants, and how they are tested. */
export function SubjectCard({ campaign, edits }: { campaign: Campaign; edits: boolean }) {
  const { t } = useTranslation('campaigns');
  const [editing, setEditing] = useState(false);
  const done = campaign.variants.every((v) => v.subject.trim() !== '');
  const split = campaign.type === 'split';
  const first = campaign.variants[0];
  return (
    <SummaryCard
      title={t('card.subject')}
      done={done}
      line={split ? splitText(t, campaign) : first?.subject ? <TaggedText text={first.subject} /> : t('subject.none')}
      onEdit={edits ? () => setEditing(true) : undefined}
    >
      {split ? (
        <ul className={classes.variants}>
          {campaign.variants.map((v) => (
            <li key={v.no}>
              <Badge variant="light" color="orange" aria-label={t('subject.variant', { letter: letterOf(v.no) })}>
                {letterOf(v.no)}
              </Badge>
              <Text size="sm" component="div">
                {v.subject ? <TaggedText text={v.subject} /> : t('subject.none')}
                {v.preheader ? (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    – <TaggedText text={v.preheader} />
                  </Text>
                ) : null}
              </Text>
            </li>
          ))}
        </ul>
      ) : first?.preheader ? (
        <Text size="sm" c="dimmed">
          <TaggedText text={first.preheader} />
        </Text>
      ) : null}
      {editing ? <SubjectPanel campaign={campaign} onClose={() => setEditing(false)} /> : null}
    </SummaryCard>
  );
}

function SubjectPanel({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const isSplit = campaign.type === 'split';
  const [typed, setTyped] = useState<Record<number, Partial<ReturnType<typeof envelopeOf>>>>({});
  const [split, setSplit] = useState(campaign.split);
  const changed = useChanged();
  const saveSettings = useSave(campaign, onClose);
  const saveVariants = useSaveVariants(campaign, onClose);
  const path = { id: campaign.id };
  const add = api.useMutation('post', '/api/app/campaigns/{id}/variants', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const remove = api.useMutation('delete', '/api/app/campaigns/{id}/variants/{no}', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const drafts = campaign.variants.map((v) => ({ no: v.no, ...envelopeOf(v), ...typed[v.no] }));
  const set = (no: number, part: Partial<ReturnType<typeof envelopeOf>>) =>
    setTyped({ ...typed, [no]: { ...typed[no], ...part } });
  const settingsChanged = isSplit && JSON.stringify(split) !== JSON.stringify(campaign.split);
  return (
    <EditPanel
      title={t('card.subject')}
      width={520}
      saving={saveVariants.saving || saveSettings.saving}
      onClose={onClose}
      onSave={() => saveVariants.run(drafts, settingsChanged ? () => saveSettings.run({ split }) : undefined)}
    >
      {isSplit && split ? <SplitFields value={split} onChange={setSplit} /> : null}
      {drafts.map((d) => (
        <Card key={d.no} withBorder={isSplit} padding={isSplit ? 'sm' : 0} radius="md">
          {isSplit ? (
            <Group justify="space-between" mb={4}>
              <Text fw={600} size="sm">
                {t('subject.variant', { letter: letterOf(d.no) })}
              </Text>
              {d.no > 1 && campaign.variants.length > 2 ? (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t('subject.remove', { letter: letterOf(d.no) })}
                  loading={remove.isPending}
                  onClick={() => remove.mutate({ params: { path: { ...path, no: d.no } } })}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              ) : null}
            </Group>
          ) : null}
          <TextInput
            label={t('subject.subject')}
            maxLength={1000}
            data-autofocus={d.no === 1 || undefined}
            value={d.subject}
            onChange={(e) => set(d.no, { subject: e.currentTarget.value })}
          />
          <TextInput
            mt="sm"
            label={t('subject.preheader')}
            {...(d.no === 1 ? { description: t('subject.preheader_help') } : {})}
            maxLength={1000}
            value={d.preheader}
            onChange={(e) => set(d.no, { preheader: e.currentTarget.value })}
          />
          {isSplit ? (
            <NumberInput
              mt="sm"
              w={120}
              label={t('subject.share')}
              min={1}
              max={10000}
              value={d.share}
              onChange={(share) => set(d.no, { share: Number(share) || 1 })}
            />
          ) : null}
        </Card>
      ))}
      {isSplit && campaign.variants.length < maxVariants ? (
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          loading={add.isPending}
          onClick={() => add.mutate({ params: { path } })}
        >
          {t('subject.add')}
        </Button>
      ) : null}
    </EditPanel>
  );
}
