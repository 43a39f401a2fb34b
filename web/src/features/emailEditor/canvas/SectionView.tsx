import { ActionIcon, Group, Tooltip } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconBookmark,
  IconCopy,
  IconEye,
  IconGripVertical,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { memo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useDragItem } from '@/ui/dnd/DragArea';
import { useSectionActions, type DragItem } from '../actions';
import { useEditor } from '../document/store';
import type { DesignSettings, Section } from '../document/types';
import { BlockFrame } from './BlockFrame';
import { sharedPart, sharedSection, useParts } from '../parts/parts';
import { SavePartDialog } from '../parts/SavePartDialog';
import classes from './canvas.module.css';
import { SharedContent } from './SharedContent';
import { Slot } from './Slot';

type Props = { section: Section; number: number; settings: DesignSettings };
const verticals = { top: 'start', middle: 'center', bottom: 'end' } as const;

/** One stripe of the mail with its columns. A click beside the blocks selects it. */
export const SectionView = memo(function SectionView({ section, number, settings }: Props) {
  const { t } = useTranslation('emailEditor');
  const selected = useEditor((s) => s.selected === section.id);
  const select = useEditor((s) => s.select);
  const actions = useSectionActions(section.id);
  const parts = useParts();
  const mobile = useEditor((s) => s.device === 'mobile');
  const [keeping, setKeeping] = useState(false);
  const shown = section.shared ? sharedSection(parts.data?.parts, section.shared) : section;
  const label = section.name || t('section.label', { number });
  const drag = useDragItem<DragItem>(`section:${section.id}`, { section: section.id, label });
  const stacked = mobile && section.stack_on_mobile;
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    if (e.target !== e.currentTarget) return;
    const keys: Record<string, () => void> = {
      Escape: () => select(null),
      Delete: actions.remove,
      Backspace: actions.remove,
      ...(e.altKey ? { ArrowUp: () => actions.nudge(-1), ArrowDown: () => actions.nudge(1) } : {}),
      ...(e.ctrlKey || e.metaKey ? { d: actions.duplicate } : {}),
    };
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]?.();
  };
  const buttons = [
    ['section.up', IconArrowUp, () => actions.nudge(-1)],
    ['section.down', IconArrowDown, () => actions.nudge(1)],
    ['section.duplicate', IconCopy, actions.duplicate],
    ['section.add', IconPlus, actions.addBelow],
    ...(section.shared ? [] : ([['saved.keep_section', IconBookmark, () => setKeeping(true)]] as const)),
    ['section.delete', IconTrash, actions.remove],
  ] as const;
  return (
    // Selecting by click is a shortcut of the mouse; by key the section takes focus.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- As for a block: chosen by click or Tab, worked on by labelled buttons.
    <section
      id={`section-${section.id}`}
      className={classes.section}
      aria-label={label}
      data-section
      data-dragged={drag.isDragging || undefined}
      data-only={mobile && section.hide_on === 'mobile' ? 'hidden' : undefined}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- As for a block: chosen by click or Tab, worked on by labelled buttons.
      tabIndex={0}
      data-selected={selected || undefined}
      style={{ background: section.background ?? settings.background }}
      onMouseDown={(e) => {
        if (!(e.target as HTMLElement).closest('[data-block],button')) select(section.id);
      }}
      onFocus={(e) => {
        if (e.target === e.currentTarget) select(section.id);
      }}
      onKeyDown={onKeyDown}
    >
      <div
        className={classes.content}
        style={{
          maxWidth: settings.width,
          padding: mobile
            ? `${section.mobile_padding_top ?? section.padding_top}px ${section.mobile_padding_side ?? 20}px ${section.mobile_padding_bottom ?? section.padding_bottom}px`
            : `${section.padding_top}px ${section.padding_side}px ${section.padding_bottom}px`,
          gridTemplateColumns: stacked
            ? 'minmax(0, 1fr)'
            : section.columns.map((c) => `minmax(0, ${c.share}fr)`).join(' '),
          gap: section.columns.length > 1 ? (stacked ? 20 : section.gap) : 0,
          alignItems: verticals[section.vertical_align],
          background: section.content_background ?? settings.content_background,
          ...(section.background_image
            ? {
                backgroundImage: `url("${section.background_image}")`,
                backgroundSize: section.background_size ?? 'cover',
                backgroundPosition: section.background_position ?? 'center',
                backgroundRepeat: section.background_size === 'auto' ? 'repeat' : 'no-repeat',
              }
            : {}),
          borderRadius: `${section.radius_top}px ${section.radius_top}px ${section.radius_bottom}px ${section.radius_bottom}px`,
        }}
      >
        {section.shared ? (
          <SharedContent
            section={shown}
            settings={settings}
            name={sharedPart(parts.data?.parts, section.shared)?.name}
          />
        ) : null}
        {(stacked && section.mobile_reverse ? section.columns.toReversed() : section.columns).map((column) => (
          <div
            key={column.id}
            className={classes.column}
            data-empty={column.blocks.length === 0 || undefined}
            style={{
              padding: column.padding,
              ...(column.background ? { background: column.background, borderRadius: 12 } : {}),
            }}
          >
            <Slot place={{ column: column.id, index: 0 }} space={column.blocks.length === 0 ? 64 : 0} />
            {column.blocks.map((block, index) => (
              <div key={block.id}>
                <BlockFrame block={block} settings={settings} />
                <Slot
                  place={{ column: column.id, index: index + 1 }}
                  space={index === column.blocks.length - 1 ? 0 : block.space_below}
                />
              </div>
            ))}
          </div>
        ))}
      </div>
      {section.conditions || section.show_when ? (
        <span className={classes.sectionBadge}>
          <IconEye size={14} aria-hidden /> {t('canvas.conditional')}
        </span>
      ) : null}
      {keeping ? <SavePartDialog id={section.id} onClose={() => setKeeping(false)} /> : null}
      {selected ? (
        <Group gap={2} className={classes.sectionTools} role="toolbar" aria-label={t('section.tools')}>
          <button type="button" className={classes.sectionGrip} aria-label={t('section.drag')} {...drag.handle}>
            <IconGripVertical size={16} aria-hidden />
          </button>
          {buttons.map(([key, Icon, run]) => (
            <Tooltip key={key} label={t(key)}>
              <ActionIcon variant="subtle" color="gray" size={28} aria-label={t(key)} onClick={run}>
                <Icon size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      ) : null}
    </section>
  );
});
