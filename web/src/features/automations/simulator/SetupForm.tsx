import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Button, Checkbox, Fieldset, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { triggerText } from '../model/cardText';
import type { Setup } from './setup';
import { afters, horizons, isReady } from './setup';

type Props = { setup: Setup; onChange: (setup: Setup) => void; onRun: () => void; busy: boolean };

/** Who, how they come in, and what is taken for granted. */
export function SetupForm({ setup, onChange, onRun, busy }: Props) {
  const { t } = useTranslation('simulator');
  const { index } = useBuilder();
  const { summary } = useLive();
  const triggers = useBuilderState((s) => s.document.triggers);
  const set = (part: Partial<Setup>) => onChange({ ...setup, ...part });
  const behaviour = (key: 'opens' | 'clicks') => (
    <Select
      label={t(`assume.${key}`)}
      allowDeselect={false}
      data={[
        { value: '', label: t('assume.nobody') },
        ...afters.map((after) => ({ value: after, label: t(`assume.after.${after}`) })),
      ]}
      value={setup[key]}
      onChange={(value) => set({ [key]: value ?? '' })}
    />
  );
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (isReady(setup)) onRun();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('intro')}
        </Text>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('who.label')}
          value={setup.who}
          onChange={(who) => set({ who: who as Setup['who'] })}
          data={(['random', 'segment', 'contacts'] as const).map((value) => ({ value, label: t(`who.${value}`) }))}
        />
        {setup.who === 'contacts' ? (
          <ReferencePicker
            label={t('who.contacts_label')}
            source="contact"
            multiple
            creatable={false}
            values={setup.contacts}
            onChange={(contacts) => set({ contacts })}
          />
        ) : setup.who === 'segment' ? (
          <ReferencePicker
            label={t('who.segment_label')}
            description={t('who.segment_help')}
            source="segment"
            multiple={false}
            creatable={false}
            values={setup.segment}
            onChange={(segment) => set({ segment })}
          />
        ) : (
          <NumberInput
            label={t('who.random_label')}
            min={1}
            max={1000}
            allowDecimal={false}
            value={setup.random}
            onChange={(random) => typeof random === 'number' && set({ random })}
          />
        )}
        {triggers.length > 0 ? (
          <Select
            label={t('through.label')}
            description={t('through.help')}
            allowDeselect={false}
            data={[
              { value: '', label: t('through.hand') },
              ...triggers.map((x) => ({ value: x.id, label: triggerText(x, index, summary).title })),
            ]}
            value={setup.trigger}
            onChange={(trigger) => set({ trigger: trigger ?? '' })}
          />
        ) : null}
        <Checkbox
          label={t('entry_rule')}
          checked={setup.keepEntryRule}
          onChange={(e) => set({ keepEntryRule: e.currentTarget.checked })}
        />
        <Fieldset legend={t('assume.title')} radius="md">
          <Stack gap="sm">
            {behaviour('opens')}
            {behaviour('clicks')}
          </Stack>
        </Fieldset>
        <Select
          label={t('horizon.label')}
          allowDeselect={false}
          data={horizons.map((days) => ({ value: String(days), label: t(`horizon.${days}`) }))}
          value={String(setup.days)}
          onChange={(days) => set({ days: Number(days ?? 366) })}
        />
        <Button
          type="submit"
          loading={busy}
          disabled={!isReady(setup)}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
        >
          {t('run')}
        </Button>
      </Stack>
    </form>
  );
}
