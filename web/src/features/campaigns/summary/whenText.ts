import type { TFunction } from 'i18next';
import { formatInstant } from '@/ui/format';
import type { Campaign } from '../api';

/** The wall time as it was typed, in words: it is of no zone of the browser's. */
export const localText = (local: string) =>
  new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`${local}:00Z`),
  );

/** Of what has gone out, when that was: the plan is no longer of interest. Null before that. */
export function wentText(t: TFunction<'campaigns'>, c: Pick<Campaign, 'started_at' | 'finished_at' | 'zone'>) {
  if (c.started_at === null) return null;
  const at = (instant: string) => formatInstant(new Date(instant), c.zone);
  const [time, end] = [at(c.started_at), c.finished_at === null ? null : at(c.finished_at)];
  return end === null || end === time ? t('when.went', { time }) : t('when.went_until', { time, end });
}

export function whenText(
  t: TFunction<'campaigns'>,
  c: Pick<Campaign, 'schedule_local' | 'schedule_zone' | 'zone' | 'is_predictive'>,
) {
  const start =
    c.schedule_local === null
      ? t('when.now')
      : c.schedule_zone === 'contact'
        ? t('when.at_contacts', { time: localText(c.schedule_local) })
        : t('when.at', { time: localText(c.schedule_local), zone: c.zone });
  return c.is_predictive ? `${start}; ${t('when.predictive')}` : start;
}
