import type { TFunction } from 'i18next';

/** Why a run is stuck, for people. What the server did not foresee it tells as `internal_error: Kind`. */
export function errorText(error: string, t: TFunction): string {
  const kind = /^internal_error: (\w+)/.exec(error)?.[1];
  return kind === undefined ? error : t('run.internal_error', { ns: 'automations', kind });
}
