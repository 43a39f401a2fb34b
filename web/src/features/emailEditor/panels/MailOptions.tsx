import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { useTranslation } from 'react-i18next';
import { fonts } from '../canvas/fonts';
import { useEditor } from '../document/store';
import type { DesignSettings } from '../document/types';

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
    { key: 'width', label: t('mail.width'), type: 'integer', min: 320, max: 900 },
    ...colours.map((key) => ({ key, label: t(`mail.${key}`), type: 'colour', required: true })),
    { key: 'button_radius', label: t('mail.button_radius'), type: 'integer', min: 0, max: 40 },
    { key: 'lang', label: t('mail.lang'), type: 'text', help: t('mail.lang_help') },
  ];
  const valid = (key: string, value: unknown) =>
    (colours as readonly string[]).includes(key)
      ? /^#[0-9a-f]{6}$/i.test(String(value))
      : value !== null && value !== '';
  return (
    <SchemaForm
      options={options}
      values={settings}
      onChange={(next) => {
        // Half-typed colours and numbers wait until they are whole.
        const whole = Object.fromEntries(Object.entries(next).filter(([key, value]) => valid(key, value)));
        edit((d) => ({ ...d, settings: { ...d.settings, ...(whole as Partial<DesignSettings>) } }), 'settings');
      }}
    />
  );
}
