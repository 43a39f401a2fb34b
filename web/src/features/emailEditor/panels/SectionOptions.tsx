import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Input, SegmentedControl, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { setColumnCount, updateSection } from '../document/operations';
import { useEditor } from '../document/store';
import type { Section } from '../document/types';

const numbers = [
  ['padding_top', 200],
  ['padding_bottom', 200],
  ['padding_side', 100],
  ['gap', 60],
  ['radius_top', 60],
  ['radius_bottom', 60],
] as const;

export function SectionOptions({ section }: { section: Section }) {
  const { t } = useTranslation('emailEditor');
  const edit = useEditor((s) => s.edit);
  const options: OptionDescription[] = [
    { key: 'content_background', label: t('section.content_background'), type: 'colour' },
    { key: 'background', label: t('section.background'), type: 'colour' },
    ...numbers.map(([key, max]) => ({ key, label: t(`section.${key}`), type: 'integer', min: 0, max })),
    {
      key: 'vertical_align',
      label: t('section.vertical_align'),
      type: 'choice',
      required: true,
      choices: (['top', 'middle', 'bottom'] as const).map((value) => ({
        value,
        label: t(`section.vertical.${value}`),
      })),
    },
    { key: 'stack_on_mobile', label: t('section.stack_on_mobile'), type: 'switch' },
    {
      key: 'hide_on',
      label: t('block.hide_on'),
      type: 'choice',
      choices: (['mobile', 'desktop'] as const).map((value) => ({ value, label: t(`block.hide.${value}`) })),
    },
    { key: 'show_when', label: t('block.show_when'), help: t('block.show_when_help'), type: 'text' },
  ];
  const save = (change: Partial<Section>) => edit((d) => updateSection(d, section.id, change), `${section.id}.options`);
  const values = Object.fromEntries(options.map((o) => [o.key, section[o.key as keyof Section] ?? undefined]));
  return (
    <Stack gap="md">
      <Input.Wrapper label={t('section.columns')} labelElement="div">
        <SegmentedControl
          fullWidth
          mt={4}
          aria-label={t('section.columns')}
          data={['1', '2', '3', '4']}
          value={String(section.columns.length)}
          onChange={(count) => save({ columns: setColumnCount(section, Number(count)) })}
        />
      </Input.Wrapper>
      <SchemaForm
        options={options}
        values={values}
        onChange={(next) => {
          const change: Record<string, unknown> = {};
          for (const { key, type } of options) {
            const value = next[key];
            if (type === 'integer') change[key] = typeof value === 'number' ? value : 0;
            else change[key] = value === '' || value === undefined ? null : value;
          }
          save(change as Partial<Section>);
        }}
      />
    </Stack>
  );
}
