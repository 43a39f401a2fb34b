import type { TFunction } from 'i18next';
import type { Entry } from './profile';

/** City, region and country, without saying Berlin twice. */
export const placeName = (city?: string | null, region?: string | null, country?: string | null): string =>
  [city, region === city ? null : region, country].filter(Boolean).join(', ');

const textOf = (entry: Entry, key: string): string | null => {
  const data = entry.data as unknown;
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Why a machine, not the contact, probably did it; null for a person. */
export const machineOf = (entry: Entry): string | null => textOf(entry, 'machine');

const countryName = (code: string): string => {
  try {
    return new Intl.DisplayNames(navigator.language, { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
};

/** From where and with what somebody opened or clicked: `London, United Kingdom · Apple Mail, iOS`. */
export function circumstances(entry: Entry, t: TFunction<'contacts'>): string {
  const machine = machineOf(entry);
  const country = textOf(entry, 'country');
  const place = placeName(textOf(entry, 'city'), null, country && countryName(country));
  const program = [textOf(entry, 'client'), textOf(entry, 'os')].filter(Boolean).join(', ');
  const by = machine ? t(`machine.${machine}`, { defaultValue: t('machine.other') }) : null;
  return [by, place, program].filter(Boolean).join(' · ');
}
