import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Divider, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { toOption, useCatalogue } from '../catalogue';
import { updateBlock } from '../document/operations';
import { useEditor } from '../document/store';
import type { Block } from '../document/types';
import { SharedOptions } from '../parts/SharedOptions';
import { OptionTabs } from './OptionTabs';
import { isTree, ShowWhen } from './ShowWhen';

/** Texts that are written on the canvas are not asked for again. */
const onCanvas: Record<string, readonly string[]> = { heading: ['text'], text: ['html'], footer: ['html'] };

export function BlockOptions({ block }: { block: Block }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const edit = useEditor((s) => s.edit);
  const kind = kinds.find((k) => k.key === block.kind);
  const options = (kind?.options ?? []).filter((o) => !onCanvas[block.kind]?.includes(o.key)).map(toOption);
  const save = (change: Partial<Block>) => edit((d) => updateBlock(d, block.id, change), `${block.id}.options`);
  const place: OptionDescription[] = [
    { key: 'space_below', label: t('block.space_below'), type: 'integer', min: 0, max: 200 },
    { key: 'padding', label: t('block.padding'), type: 'integer', min: 0, max: 100 },
    { key: 'background', label: t('block.background'), type: 'colour' },
  ];
  const hasPicture = ['image', 'video', 'product'].includes(block.kind);
  const mobile: OptionDescription[] = [
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
    { key: 'mobile_size', label: t('block.mobile_size'), type: 'integer', min: 8, max: 72 },
    ...(hasPicture
      ? [{ key: 'mobile_width', label: t('block.mobile_width'), type: 'integer', min: 5, max: 100 } as const]
      : []),
    { key: 'mobile_space', label: t('block.mobile_space'), type: 'integer', min: 0, max: 200 },
    { key: 'mobile_padding', label: t('block.mobile_padding'), type: 'integer', min: 0, max: 100 },
  ];
  const pick = (list: readonly OptionDescription[]) =>
    Object.fromEntries(list.map((o) => [o.key, block[o.key as keyof Block] ?? undefined]));
  /** What is emptied is as usual again; the space below and the padding are then none. */
  const whole = (list: readonly OptionDescription[], values: Record<string, unknown>) =>
    Object.fromEntries(
      list.map(({ key }) => {
        const value = values[key];
        const empty = value === '' || value === undefined || value === null;
        return [key, empty ? (key === 'space_below' || key === 'padding' ? 0 : null) : value];
      }),
    ) as Partial<Block>;
  if (block.kind === 'shared') return <SharedOptions id={block.id} part={block.options['part']} />;
  return (
    <OptionTabs
      marks={{
        mobile: mobile.some((o) => block[o.key as keyof Block] !== undefined && block[o.key as keyof Block] !== null),
        showWhen: isTree(block.conditions) || Boolean(block.show_when),
      }}
      content={
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
              save({
                options: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined)),
              })
            }
          />
          <Divider label={t('block.placement')} labelPosition="left" />
          <SchemaForm options={place} values={pick(place)} onChange={(v) => save(whole(place, v))} />
        </Stack>
      }
      mobile={<SchemaForm options={mobile} values={pick(mobile)} onChange={(v) => save(whole(mobile, v))} />}
      showWhen={<ShowWhen value={block} onChange={save} />}
    />
  );
}
