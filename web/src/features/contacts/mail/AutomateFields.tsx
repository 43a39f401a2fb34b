import { api } from '@/api/client';
import { Select, SimpleGrid, Stack, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Writing } from './useDraft';

type Part = Pick<Writing, 'start_when_sent' | 'start_when_replied'>;
type Props = {
  value: Part;
  /** Whether answers are seen at all: they come into a connected mailbox. */
  seesReplies: boolean;
  errors: Record<string, string | undefined>;
  onChange: (part: Partial<Part>) => void;
};

/** "Automate this e-mail": which automations the contact enters when it is sent, and when it is answered. */
export function AutomateFields({ value, seesReplies, errors, onChange }: Props) {
  const { t } = useTranslation('personalMail');
  const chosen = value.start_when_sent !== null || value.start_when_replied !== null;
  const [opened, setOpened] = useState(chosen);
  const list = api.useQuery(
    'get',
    '/api/app/automations',
    { params: { query: { status: 'active', limit: 100 } } },
    { enabled: opened || chosen },
  );
  if (!opened && !chosen)
    return (
      <UnstyledButton fz="sm" c="var(--mantine-color-anchor)" onClick={() => setOpened(true)}>
        {t('automate.open')}
      </UnstyledButton>
    );
  const data = (list.data?.items ?? []).map((a) => ({ value: String(a.id), label: a.name }));
  const field = (key: keyof Part, more: object = {}) => (
    <Select
      size="sm"
      label={t(`automate.${key}`)}
      placeholder={t('automate.none')}
      clearable
      searchable
      nothingFoundMessage={t('automate.no_active')}
      data={data}
      value={value[key] === null ? null : String(value[key])}
      error={errors[key]}
      onChange={(id) => onChange({ [key]: id === null ? null : Number(id) })}
      {...more}
    />
  );
  return (
    <Stack gap={4} component="fieldset" m={0} p={0} style={{ border: 0 }} aria-label={t('automate.open')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" style={{ alignItems: 'end' }}>
        {field('start_when_sent')}
        {field('start_when_replied', seesReplies ? {} : { disabled: true, description: t('automate.no_mailbox') })}
      </SimpleGrid>
    </Stack>
  );
}
