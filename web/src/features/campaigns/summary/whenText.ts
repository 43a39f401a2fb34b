import type { TFunction } from 'i18next';
import type { Campaign } from '../api';

/** The wall time as it was typed, in words: it is of no zone of the browser's. */
export const localText = (local: string) =>
  new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`${local}:00Z`),
  );

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
