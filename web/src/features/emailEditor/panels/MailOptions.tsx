import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { useTranslation } from 'react-i18next';
import { fonts } from '../canvas/fonts';
import { useEditor } from '../document/store';
import type { DesignSettings } from '../document/types';
import { BrandMenu } from './BrandMenu';

const colours = [
  'background',
  'content_background',
  'text_colour',
  'heading_colour',
  'muted_colour',
  'link_colour',
  'button_colour',
  'button_text_colour',
] as const;

const dark = [
  'dark_background',
  'dark_content_background',
  'dark_text_colour',
  'dark_heading_colour',
  'dark_link_colour',
] as const;

/** The look of the whole mail; blocks and sections may deviate. */
export function MailOptions() {
  const { t } = useTranslation('emailEditor');
  const settings = useEditor((s) => s.content.design.settings);
  const edit = useEditor((s) => s.edit);
  const options: OptionDescription[] = [
    {
      key: 'font',
      label: t('mail.font'),
      type: 'choice',
      required: true,
      choices: fonts.map((value) => ({ value, label: t(`mail.fonts.${value}`) })),
    },
    {
      key: 'heading_font',
      label: t('mail.heading_font'),
      type: 'choice',
      choices: fonts.map((value) => ({ value, label: t(`mail.fonts.${value}`) })),
    },
    { key: 'width', label: t('mail.width'), type: 'integer', min: 320, max: 900 },
    ...colours.map((key) => ({ key, label: t(`mail.${key}`), type: 'colour', required: true })),
    { key: 'button_radius', label: t('mail.button_radius'), type: 'integer', min: 0, max: 40 },
    ...dark.map((key) => ({ key, label: t(`mail.${key}`), type: 'colour' })),
    { key: 'lang', label: t('mail.lang'), type: 'text', help: t('mail.lang_help') },
  ];
  const optional = (key: string) => key === 'heading_font' || (dark as readonly string[]).includes(key);
  const valid = (key: string, value: unknown) =>
    (colours as readonly string[]).includes(key)
      ? /^#[0-9a-f]{6}$/i.test(String(value))
      : value !== null && value !== '';
  return (
    <>
      <BrandMenu />
      <SchemaForm
        options={options}
        values={settings}
        onChange={(next) => {
          // Half-typed colours and numbers wait until they are whole.
          const whole = Object.fromEntries(
            Object.entries(next)
              .filter(([key, value]) =>
                optional(key)
                  ? value === '' || value === null || key === 'heading_font' || /^#[0-9a-f]{6}$/i.test(String(value))
                  : valid(key, value),
              )
              .map(([key, value]) => [key, optional(key) && value === '' ? null : value]),
          );
          edit((d) => ({ ...d, settings: { ...d.settings, ...(whole as Partial<DesignSettings>) } }), 'settings');
        }}
      />
    </>
  );
}
