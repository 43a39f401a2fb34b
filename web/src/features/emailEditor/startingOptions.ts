import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What a new block says until its author does; everything else comes from the server's defaults. */
export function useStartingOptions() {
  const { t } = useTranslation('emailEditor');
  return useCallback(
    (kind: string): Record<string, unknown> =>
      ({
        heading: { text: t('starting.heading') },
        text: { html: `<p>${t('starting.text')}</p>` },
        button: { label: t('starting.button'), url: 'https://' },
        header: { name: t('starting.header') },
        footer: { html: `<p>${t('starting.footer')}</p>` },
        menu: { items: [{ label: t('starting.link'), url: 'https://' }] },
        social: { items: [{ label: t('starting.social'), url: 'https://' }] },
        html: { html: '' },
        product: { title: t('starting.product'), price: t('starting.price'), url: 'https://' },
      })[kind] ?? {},
    [t],
  );
}
