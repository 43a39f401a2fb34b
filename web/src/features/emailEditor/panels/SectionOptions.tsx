import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { Input, NumberInput, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { setColumnCount, updateSection } from '../document/operations';
import { useEditor } from '../document/store';
import type { Section } from '../document/types';
import { SharedOptions } from '../parts/SharedOptions';
import { OptionTabs } from './OptionTabs';
import classes from './panels.module.css';
import { isTree, ShowWhen } from './ShowWhen';

const numbers = [
  ['padding_top', 200],
  ['padding_bottom', 200],
  ['padding_side', 100],
  ['gap', 60],
  ['radius_top', 60],
  ['radius_bottom', 60],
] as const;

/** Shares of the columns that are ready to choose; any others are made with the sliders. */
const layouts: readonly (readonly number[])[] = [[1], [1, 1], [1, 2], [2, 1], [1, 1, 1], [1, 2, 1], [1, 1, 1, 1]];

export function SectionOptions({ section }: { section: Section }) {
  const { t } = useTranslation('emailEditor');
  const edit = useEditor((s) => s.edit);
  const save = (change: Partial<Section>) => edit((d) => updateSection(d, section.id, change), `${section.id}.options`);
  const look: OptionDescription[] = [
    { key: 'name', label: t('section.name'), type: 'text', help: t('section.name_help') },
    { key: 'content_background', label: t('section.content_background'), type: 'colour' },
    { key: 'background', label: t('section.background'), type: 'colour' },
    {
      key: 'background_image',
      label: t('section.background_image'),
      type: 'image',
      help: t('section.background_image_help'),
    },
    ...(section.background_image
      ? ([
          {
            key: 'background_size',
            label: t('section.background_size'),
            type: 'choice',
            required: true,
            default: 'cover',
            choices: (['cover', 'contain', 'auto'] as const).map((value) => ({
              value,
              label: t(`section.size.${value}`),
            })),
          },
          {
            key: 'background_position',
            label: t('section.background_position'),
            type: 'choice',
            required: true,
            default: 'center',
            choices: (['top', 'center', 'bottom'] as const).map((value) => ({
              value,
              label: t(`section.at.${value}`),
            })),
          },
        ] satisfies OptionDescription[])
      : []),
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
  ];
  const mobile: OptionDescription[] = [
    {
      key: 'hide_on',
      label: t('block.hide_on'),
      type: 'choice',
      choices: (['mobile', 'desktop'] as const).map((value) => ({ value, label: t(`block.hide.${value}`) })),
    },
    { key: 'stack_on_mobile', label: t('section.stack_on_mobile'), type: 'switch' },
    { key: 'mobile_reverse', label: t('section.mobile_reverse'), type: 'switch' },
    { key: 'mobile_padding_top', label: t('section.mobile_padding_top'), type: 'integer', min: 0, max: 200 },
    { key: 'mobile_padding_bottom', label: t('section.mobile_padding_bottom'), type: 'integer', min: 0, max: 200 },
    { key: 'mobile_padding_side', label: t('section.mobile_padding_side'), type: 'integer', min: 0, max: 100 },
  ];
  const pick = (list: readonly OptionDescription[]) =>
    Object.fromEntries(list.map((o) => [o.key, section[o.key as keyof Section] ?? undefined]));
  const whole = (list: readonly OptionDescription[], values: Record<string, unknown>) =>
    Object.fromEntries(
      list.map(({ key, type }) => {
        const value = values[key];
        const empty = value === '' || value === undefined || value === null;
        const plain =
          type === 'integer' && !key.startsWith('mobile')
            ? 0
            : type === 'switch'
              ? false
              : (look.find((o) => o.key === key)?.default ?? null);
        return [key, empty ? plain : value];
      }),
    ) as Partial<Section>;
  if (section.shared) return <SharedOptions id={section.id} part={section.shared} />;
  const shares = section.columns.map((c) => c.share);
  return (
    <OptionTabs
      marks={{
        mobile: Boolean(section.hide_on) || section.mobile_reverse === true || !section.stack_on_mobile,
        showWhen: isTree(section.conditions) || Boolean(section.show_when),
      }}
      content={
        <Stack gap="md">
          <Input.Wrapper label={t('section.columns')} labelElement="div">
            <div className={classes.layouts} role="group" aria-label={t('section.columns')}>
              {layouts.map((layout) => (
                <button
                  key={layout.join()}
                  type="button"
                  className={classes.layout}
                  aria-label={t('section.layout', { shares: layout.join(' : ') })}
                  aria-pressed={layout.join() === shares.join()}
                  onClick={() =>
                    save({
                      columns: setColumnCount(section, layout.length).map((c, i) => ({ ...c, share: layout[i] ?? 1 })),
                    })
                  }
                >
                  {layout.map((share, i) => (
                    <i key={i} style={{ flex: share }} />
                  ))}
                </button>
              ))}
            </div>
          </Input.Wrapper>
          {section.columns.length > 1
            ? section.columns.map((column, i) => (
                <NumberInput
                  key={column.id}
                  size="xs"
                  label={t('section.share', { number: i + 1 })}
                  min={1}
                  max={12}
                  value={column.share}
                  onChange={(share) =>
                    save({
                      columns: section.columns.map((c) =>
                        c.id === column.id ? { ...c, share: Math.min(12, Math.max(1, Number(share) || 1)) } : c,
                      ),
                    })
                  }
                />
              ))
            : null}
          <SchemaForm options={look} values={pick(look)} onChange={(v) => save(whole(look, v))} />
        </Stack>
      }
      mobile={<SchemaForm options={mobile} values={pick(mobile)} onChange={(v) => save(whole(mobile, v))} />}
      showWhen={<ShowWhen value={section} onChange={save} />}
    />
  );
}
