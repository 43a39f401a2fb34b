import { useTranslation } from 'react-i18next';

/** Why a mail was not taken, in words; the server's own name where there are none. */
export function useReason() {
  const { t, i18n } = useTranslation('settings');
  const word = (group: string) => (reason: string) => {
    const key = `log.${group}.${reason}`;
    return i18n.exists(`settings:${key}`) ? t(key) : reason.replaceAll('_', ' ');
  };
  return { long: word('reasons'), short: word('classes') };
}
