import { AppLink } from '@/ui/AppLink';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Button, Card, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconMail, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder } from '../builder/context';
import { formOptions } from '../model/catalogue';
import type { StepEditorProps } from '../panel/StepPanel';

type Sender = { name?: string | null; address?: string | null };
const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const asText = (value: unknown) => (typeof value === 'string' ? value : '');
/** Written by hand or by the designer, never both. */
const bodyKeys = new Set(['from', 'design', 'html', 'text']);

/** The e-mail step: subject, preheader, sender, and the body by the designer or as one's own HTML. */
export function StepEditor({ step, description, onChange, errors }: StepEditorProps) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const designed = typeof step['design'] === 'object' && step['design'] !== null;
  const [body, setBody] = useState<string>(!designed && asText(step['html']) !== '' ? 'html' : 'design');
  const plain = formOptions(description.options, []).filter((o) => !bodyKeys.has(o.key));
  const isFirst = (o: OptionDescription) => o.key === 'subject' || o.key === 'preheader';
  const set = (key: string, value: unknown) => onChange({ ...step, [key]: value });
  const from: Sender = asRecord(step['from']);
  const setFrom = (part: Sender) => {
    const next = { ...from, ...part };
    set('from', !next.name && !next.address ? null : next);
  };
  return (
    <Stack gap="md">
      <SchemaForm options={plain.filter(isFirst)} values={step} onChange={onChange} errors={errors} />
      <Group grow align="start">
        <TextInput
          label={t('email.from_name')}
          value={from.name ?? ''}
          error={errors['from.name']}
          onChange={(e) => setFrom({ name: e.currentTarget.value })}
        />
        <TextInput
          label={t('email.from_address')}
          type="email"
          placeholder={t('email.account_sender')}
          value={from.address ?? ''}
          error={errors['from.address']}
          onChange={(e) => setFrom({ address: e.currentTarget.value })}
        />
      </Group>
      <SegmentedControl
        fullWidth
        aria-label={t('email.body')}
        value={body}
        onChange={setBody}
        data={[
          { value: 'design', label: t('email.designed') },
          { value: 'html', label: t('email.own_html') },
        ]}
      />
      {body === 'design' ? (
        <Card withBorder padding="md">
          <Group wrap="nowrap" align="start">
            <IconMail size={28} stroke={1.4} aria-hidden />
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {asText(step['subject']) || t('email.no_subject')}
              </Text>
              <Text size="xs" c="dimmed">
                {designed ? t('email.has_design') : t('email.no_design')}
              </Text>
            </div>
          </Group>
          <Button
            component={AppLink}
            to={`/automations/${automationId}/steps/${step.id}/email`}
            mt="md"
            fullWidth
            leftSection={<IconPencil size={16} aria-hidden />}
          >
            {t('email.design')}
          </Button>
        </Card>
      ) : (
        <Textarea
          label={t('email.html')}
          description={designed ? t('email.html_with_design') : t('email.html_help')}
          autosize
          minRows={8}
          maxRows={24}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          value={asText(step['html'])}
          error={errors['html']}
          onChange={(e) => {
            const html = e.currentTarget.value;
            onChange({ ...step, html: html === '' ? null : html });
          }}
        />
      )}
      <Textarea
        label={t('email.text')}
        description={t('email.text_help')}
        autosize
        minRows={3}
        maxRows={16}
        value={asText(step['text'])}
        error={errors['text']}
        onChange={(e) => set('text', e.currentTarget.value === '' ? null : e.currentTarget.value)}
      />
      <SchemaForm options={plain.filter((o) => !isFirst(o))} values={step} onChange={onChange} errors={errors} />
    </Stack>
  );
}
