import { api } from '@/api/client';
import { ImageField } from '@/ui/images/ImageField';
import { problemText } from '@/ui/problemText';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './design.module.css';
import { fonts, type BrandLook } from './kits';
import { KitSample } from './KitSample';

type Props = {
  kit: { id: number | null; name: string; look: BrandLook };
  onSaved: () => void;
  onCancel: () => void;
};

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

/** One brand: its parts on the left, what a mail becomes of them on the right. */
export function KitForm({ kit, onSaved, onCancel }: Props) {
  const { t } = useTranslation('design');
  const [name, setName] = useState(kit.name);
  const [look, setLook] = useState(kit.look);
  const create = api.useMutation('post', '/api/app/brand-kits', { onSuccess: () => onSaved() });
  const change = api.useMutation('put', '/api/app/brand-kits/{id}', { onSuccess: () => onSaved() });
  const error = create.error ?? change.error;
  const options: OptionDescription[] = [
    { key: 'logo', label: t('brand.logo'), type: 'image' },
    { key: 'logo_dark', label: t('brand.logo_dark'), type: 'image' },
    ...(['font', 'heading_font'] as const).map((key) => ({
      key,
      label: t(`brand.${key}`),
      type: 'choice',
      required: key === 'font',
      choices: fonts.map((value) => ({ value, label: t(`brand.fonts.${value}`) })),
    })),
    ...colours.map((key) => ({ key, label: t(`brand.${key}`), type: 'colour', required: true })),
    { key: 'button_radius', label: t('brand.button_radius'), type: 'integer', min: 0, max: 40 },
    { key: 'website', label: t('brand.website'), type: 'url' },
    {
      key: 'social',
      label: t('brand.social'),
      type: 'group',
      options: [
        { key: 'label', label: t('brand.network'), type: 'text', required: true },
        { key: 'url', label: t('brand.link'), type: 'url', required: true },
      ],
    },
  ];
  const services = useMemo(
    () => ({
      references: { search: () => Promise.resolve([]), resolve: () => Promise.resolve([]) },
      templateTags: [],
      image: (props: Parameters<typeof ImageField>[0]) => <ImageField {...props} />,
      swatches: look.palette,
    }),
    [look.palette],
  );
  const save = () => {
    const body = {
      name: name.trim(),
      look: { ...look, heading_font: look.heading_font || null, social: look.social.filter((s) => s.url) },
    };
    if (kit.id === null) create.mutate({ body });
    else change.mutate({ params: { path: { id: kit.id } }, body });
  };
  return (
    <SchemaFormContext value={services}>
      <form
        className={classes.editor}
        onSubmit={(e) => {
          e.preventDefault();
          save();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('brand.name')}
            required
            maxLength={100}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <SchemaForm
            options={options}
            values={look as unknown as Record<string, unknown>}
            onChange={(next) => setLook({ ...look, ...(next as Partial<BrandLook>) })}
          />
          {error ? <Alert color="red">{problemText(error).text}</Alert> : null}
          <Group justify="end">
            <Button variant="default" onClick={onCancel}>
              {t('brand.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending} disabled={name.trim() === ''}>
              {t('brand.save')}
            </Button>
          </Group>
        </Stack>
        <div className={classes.sticky}>
          <KitSample look={look} name={name} />
        </div>
      </form>
    </SchemaFormContext>
  );
}
