import { api } from '@/api/client';
import { LinkActionsPanel } from '@/ui/linkActions/LinkActionsPanel';
import { linksOf } from '@/ui/linkActions/linksOf';
import { Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign } from '../api';

/** What is done with those who open the campaign's mail or follow its links; of a split test for each of its mails. */
export function ActionsOfMails({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const variants = campaign.type === 'split' ? campaign.variants : campaign.variants.slice(0, 1);
  const [no, setNo] = useState(variants[0]?.no ?? 1);
  const chosen = variants.find((v) => v.no === no) ?? variants[0];
  // Of a test of subjects every mail has the first one's content.
  const body = campaign.type === 'split' && campaign.split?.kind !== 'content' ? variants[0] : chosen;
  const message = api.useQuery(
    'get',
    '/api/app/messages/{id}',
    { params: { path: { id: body?.message_id ?? 0 } } },
    { enabled: body !== undefined },
  );
  if (!chosen) return null;
  return (
    <Stack gap="sm">
      <div>
        <Title order={3} size="h5">
          {t('tracking.actions')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('tracking.actions_help')}
        </Text>
      </div>
      {variants.length > 1 ? (
        <Select
          label={t('tracking.variant')}
          allowDeselect={false}
          value={String(chosen.no)}
          onChange={(value) => setNo(Number(value ?? 1))}
          data={variants.map((v) => ({ value: String(v.no), label: t('subject.variant', { letter: letterOf(v.no) }) }))}
        />
      ) : null}
      <LinkActionsPanel
        key={chosen.message_id}
        messageId={chosen.message_id}
        links={message.data ? linksOf(message.data) : []}
        editable
      />
    </Stack>
  );
}
