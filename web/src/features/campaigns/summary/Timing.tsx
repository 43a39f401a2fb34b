import { Radio, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';

type Value = Pick<Campaign, 'schedule_local' | 'schedule_zone' | 'is_predictive'>;
type Props = { value: Value; zone: string; scheduled: boolean; onChange: (part: Partial<Value>) => void };

/** Tomorrow at nine, as the browser's calendar has it. */
function tomorrow() {
  const day = new Date(Date.now() + 86_400_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T09:00`;
}

/** At once or at a time; by whose clock; each at its best hour. */
export function Timing({ value, zone, scheduled, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  const timed = value.schedule_local !== null;
  return (
    <>
      {scheduled ? null : (
        <SegmentedControl
          aria-label={t('when.choose')}
          value={timed ? 'time' : 'once'}
          data={[
            { value: 'once', label: t('when.at_once') },
            { value: 'time', label: t('when.at_time') },
          ]}
          onChange={(v) => onChange({ schedule_local: v === 'once' ? null : tomorrow() })}
        />
      )}
      {timed ? (
        <>
          <TextInput
            type="datetime-local"
            label={t('when.date')}
            required
            value={value.schedule_local ?? ''}
            onChange={(e) => onChange({ schedule_local: e.currentTarget.value.slice(0, 16) || tomorrow() })}
          />
          <Radio.Group
            label={t('when.zone')}
            value={value.schedule_zone}
            onChange={(z) => onChange({ schedule_zone: z as Value['schedule_zone'] })}
          >
            <Stack gap={6} mt={6}>
              <Radio value="account" label={t('when.zone_account', { zone })} />
              <Radio value="contact" label={t('when.zone_contact')} />
            </Stack>
          </Radio.Group>
          {value.schedule_zone === 'contact' ? (
            <Text size="xs" c="dimmed">
              {t('when.zone_contact_help')}
            </Text>
          ) : null}
        </>
      ) : null}
      <Switch
        label={t('when.best')}
        description={t('when.best_help')}
        checked={value.is_predictive}
        onChange={(e) => onChange({ is_predictive: e.currentTarget.checked })}
      />
    </>
  );
}
