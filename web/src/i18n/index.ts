import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

type Texts = Record<string, unknown>;
const lazy = import.meta.glob<{ default: Texts }>(['./*/*.json', '!./*/{common,ui,shell}.json', '!./*/*.nav.json']);
const eager = import.meta.glob<{ default: Texts }>(['./en/{common,ui,shell}.json', './en/*.nav.json'], { eager: true });

const resources: Record<string, Texts> = { nav: {} };
for (const [path, { default: texts }] of Object.entries(eager)) {
  const name = path.slice('./en/'.length, -'.json'.length);
  if (name.endsWith('.nav')) Object.assign(resources['nav'] ?? {}, texts);
  else resources[name] = texts;
}

/** `useTranslation('contacts')` loads `i18n/<lang>/contacts.json` on first use; `common`, `ui`, `shell`, `nav` are there from the start. */
void i18next
  .use({
    type: 'backend' as const,
    init: () => {},
    read: (language: string, namespace: string, done: (error: unknown, texts: Texts | null) => void) => {
      const load = lazy[`./${language}/${namespace}.json`];
      if (load === undefined) done(new Error(`no texts ${language}/${namespace}`), null);
      else
        load().then(
          (module) => done(null, module.default),
          (error: unknown) => done(error, null),
        );
    },
  })
  .use(initReactI18next)
  .init({
    lng: 'en',
    fallbackLng: 'en',
    ns: ['common', 'ui', 'shell', 'nav'],
    defaultNS: 'common',
    resources: { en: resources as never },
    partialBundledLanguages: true,
    interpolation: { escapeValue: false },
  });

export default i18next;
