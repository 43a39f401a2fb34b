import type { TFunction } from 'i18next';

/** What came of a step, in words: "Done", "Yes", "Path B", "Skipped: unsubscribed". */
export const resultText = (result: string, t: TFunction): string =>
  t(`result.${result}`, {
    ns: 'automations',
    defaultValue: /^[a-j]$/.test(result)
      ? t('result_path', { ns: 'automations', letter: result.toUpperCase() })
      : result.replaceAll('_', ' '),
  });
