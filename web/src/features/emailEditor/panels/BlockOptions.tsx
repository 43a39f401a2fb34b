import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Divider, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { toOption, useCatalogue } from '../catalogue';
import { updateBlock } from '../document/operations';
import { useEditor } from '../document/store';
import type { Block } from '../document/types';

/** Texts that are written on the canvas are not asked for again. */
const onCanvas: Record<string, readonly string[]> = { heading: ['text'], text: ['html'], footer: ['html'] };

export function BlockOptions({ block }: { block: Block }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const edit = useEditor((s) => s.edit);
  const kind = kinds.find((k) => k.key === block.kind);
  const options = (kind?.options ?? []).filter((o) => !onCanvas[block.kind]?.includes(o.key)).map(toOption);
  const common: OptionDescription[] = [
    { key: 'space_below', label: t('block.space_below'), type: 'integer', min: 0, max: 200 },
    {
      key: 'hide_on',
      label: t('block.hide_on'),
      type: 'choice',
      choices: (['mobile', 'desktop'] as const).map((value) => ({ value, label: t(`block.hide.${value}`) })),
    },
    {
      key: 'mobile_align',
      label: t('block.mobile_align'),
      type: 'choice',
      choices: (['left', 'center', 'right'] as const).map((value) => ({ value, label: t(`block.align.${value}`) })),
    },
    { key: 'show_when', label: t('block.show_when'), help: t('block.show_when_help'), type: 'text' },
  ];
  const { space_below, hide_on, mobile_align, show_when } = block;
  const save = (change: Partial<Block>) => edit((d) => updateBlock(d, block.id, change), `${block.id}.options`);
  return (
    <Stack gap="md">
      {kind === undefined ? (
        <Text size="sm" c="dimmed">
          {t('block.unknown')}
        </Text>
      ) : null}
      <SchemaForm
        options={options}
        values={block.options}
        onChange={(values) =>
          save({ options: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined)) })
        }
      />
      <Divider label={t('block.placement')} labelPosition="left" />
      <SchemaForm
        options={common}
        values={{ space_below, hide_on, mobile_align, show_when: show_when ?? '' }}
        onChange={(v) =>
          save({
            space_below: typeof v['space_below'] === 'number' ? v['space_below'] : 0,
            hide_on: (v['hide_on'] ?? null) as Block['hide_on'] & {},
            mobile_align: (v['mobile_align'] ?? null) as Block['mobile_align'] & {},
            show_when: String(v['show_when'] ?? '').trim() === '' ? null : String(v['show_when']),
          })
        }
      />
    </Stack>
  );
}
