import { api } from '@/api/client';
import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '../api';
import { DurationField, durationText } from './DurationField';

type Recurrence = NonNullable<Campaign['recurrence']>;
type Props = { type: Campaign['type']; value: Recurrence; onChange: (next: Recurrence) => void };

/** What counts until something is chosen. */
export const plain: Recurrence = {
  delay_minutes: 0,
  days: 0,
  time: '09:00',
  yearly: false,
  weekday: 1,
  day: 1,
  items: 5,
};

export function occasionText(t: TFunction<'campaigns'>, c: Campaign) {
  const r = c.recurrence ?? plain;
  if (c.type === 'responder')
    return t('when.at_delay', { delay: r.delay_minutes ? durationText(t, r.delay_minutes) : t('when.immediately') });
  if (c.type === 'rss')
    return r.url
      ? t('when.of_feed', { interval: t(`when.intervals.${r.interval ?? 'daily'}`), url: r.url })
      : t('when.no_feed');
  const day = t(r.days ? 'when.on_date' : 'when.on_day', { days: r.days ?? 0, time: r.time ?? '09:00' });
  return r.yearly ? `${day}, ${t('when.each_year')}` : day;
}

/** What sets a recurring campaign off. */
export function Occasion({ type, value, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  const set = (part: Partial<Recurrence>) => onChange({ ...value, ...part });
  if (type === 'responder')
    return (
      <DurationField
        label={t('when.delay')}
        min={0}
        value={value.delay_minutes ?? 0}
        onChange={(delay_minutes) => set({ delay_minutes })}
      />
    );
  const time = (description?: string) => (
    <TextInput
      type="time"
      label={t('when.time')}
      {...(description ? { description } : {})}
      value={value.time ?? '09:00'}
      onChange={(e) => set({ time: e.currentTarget.value || '09:00' })}
    />
  );
  return type === 'rss' ? (
    <>
      <TextInput
        type="url"
        label={t('when.feed')}
        placeholder="https://example.com/feed.xml"
        maxLength={2048}
        value={value.url ?? ''}
        onChange={(e) => set({ url: e.currentTarget.value })}
      />
      <Select
        label={t('when.interval')}
        allowDeselect={false}
        data={(['hourly', 'daily', 'weekly', 'monthly'] as const).map((v) => ({
          value: v,
          label: t(`when.intervals.${v}`),
        }))}
        value={value.interval ?? 'daily'}
        onChange={(v) => set({ interval: v as NonNullable<Recurrence['interval']> })}
      />
      {value.interval === 'weekly' ? (
        <Select
          label={t('when.weekday')}
          allowDeselect={false}
          data={[1, 2, 3, 4, 5, 6, 0].map((d) => ({
            value: String(d),
            label: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(
              new Date(Date.UTC(2023, 0, 1 + d)),
            ),
          }))}
          value={String(value.weekday ?? 1)}
          onChange={(d) => set({ weekday: Number(d) })}
        />
      ) : null}
      {value.interval === 'monthly' ? (
        <NumberInput
          label={t('when.day')}
          min={1}
          max={28}
          value={value.day ?? 1}
          onChange={(d) => set({ day: Number(d) || 1 })}
        />
      ) : null}
      {value.interval === 'hourly' ? null : time()}
      <NumberInput
        label={t('when.items')}
        min={1}
        max={50}
        value={value.items ?? 5}
        onChange={(n) => set({ items: Number(n) || 1 })}
      />
      <Select
        label={t('when.mode')}
        allowDeselect={false}
        data={(['new', 'all'] as const).map((v) => ({ value: v, label: t(`when.modes.${v}`) }))}
        value={value.mode ?? 'new'}
        onChange={(v) => set({ mode: v as NonNullable<Recurrence['mode']> })}
      />
    </>
  ) : (
    <>
      <DateFieldSelect value={value.field_id ?? null} onChange={(field_id) => set({ field_id })} />
      <NumberInput
        label={t('when.days')}
        description={t('when.days_help')}
        min={-365}
        max={365}
        value={value.days ?? 0}
        onChange={(d) => set({ days: Number(d) || 0 })}
      />
      {time(t('when.time_contact'))}
      <Switch
        label={t('when.yearly')}
        checked={value.yearly ?? false}
        onChange={(e) => set({ yearly: e.currentTarget.checked })}
      />
    </>
  );
}

function DateFieldSelect({ value, onChange }: { value: number | null; onChange: (id: number | null) => void }) {
  const { t } = useTranslation('campaigns');
  const fields = api.useQuery('get', '/api/app/fields', {});
  const dates = (fields.data?.items ?? []).filter((f) => f.type === 'date' || f.type === 'datetime');
  return (
    <Select
      label={t('when.field')}
      data={dates.map((f) => ({ value: String(f.id), label: f.name }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}
