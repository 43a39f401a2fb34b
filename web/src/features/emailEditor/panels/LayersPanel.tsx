import { useDragItem, useDropPlace } from '@/ui/dnd/DragArea';
import { createElement, type KeyboardEvent } from 'react';
import { IconGripVertical, IconLayoutRows, IconShare3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DragItem, DropPlace } from '../actions';
import { TokenText } from '../canvas/TokenText';
import { useCatalogue } from '../catalogue';
import { nudgeBlock, nudgeSection } from '../document/operations';
import { useEditor } from '../document/store';
import type { Block, Section } from '../document/types';
import { sharedPart, useParts } from '../parts/parts';
import { wordsOf } from '@/ui/richText/parse';
import { blockIcon } from './blockIcons';
import classes from './panels.module.css';

/** The mail as a tree: click chooses, dragging and Alt+arrows move, as on the canvas. */
export function LayersPanel() {
  const { t } = useTranslation('emailEditor');
  const sections = useEditor((s) => s.content.design.sections);
  if (sections.length === 0) return <p className={classes.hint}>{t('layers.empty')}</p>;
  return (
    <ul className={classes.layers} aria-label={t('layers.title')}>
      <Gap index={0} />
      {sections.map((section, i) => (
        <SectionRow key={section.id} section={section} index={i} />
      ))}
    </ul>
  );
}

const Gap = ({ index }: { index: number }) => {
  const { ref, isOver } = useDropPlace<DropPlace>(`layer:${index}`, { sections: index });
  return <li ref={ref} aria-hidden className={classes.layerGap} data-over={isOver || undefined} />;
};

const onKeys = (move: (by: -1 | 1) => void) => (e: KeyboardEvent) => {
  if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
  e.preventDefault();
  move(e.key === 'ArrowUp' ? -1 : 1);
};

function SectionRow({ section, index }: { section: Section; index: number }) {
  const { t } = useTranslation('emailEditor');
  const parts = useParts();
  const selected = useEditor((s) => s.selected === section.id);
  const select = useEditor((s) => s.select);
  const edit = useEditor((s) => s.edit);
  const shared = section.shared ? sharedPart(parts.data?.parts, section.shared) : undefined;
  const label = section.name || shared?.name || t('section.label', { number: index + 1 });
  const { handle } = useDragItem<DragItem>(`layer-section:${section.id}`, { section: section.id, label });
  return (
    <>
      <li>
        <div className={classes.layer} data-selected={selected || undefined}>
          <button
            type="button"
            className={classes.layerGrip}
            aria-label={t('layers.drag', { what: label })}
            {...handle}
          >
            <IconGripVertical size={14} aria-hidden />
          </button>
          <button
            type="button"
            className={classes.layerName}
            aria-pressed={selected}
            onClick={() => {
              select(section.id);
              document.getElementById(`section-${section.id}`)?.scrollIntoView({ block: 'center' });
            }}
            onKeyDown={onKeys((by) => edit((d) => nudgeSection(d, section.id, by)))}
          >
            {section.shared ? <IconShare3 size={15} aria-hidden /> : <IconLayoutRows size={15} aria-hidden />}
            <span>{label}</span>
          </button>
        </div>
        <ul className={classes.layersInside}>
          {section.columns.map((column, c) => (
            <li key={column.id}>
              {section.columns.length > 1 ? (
                <span className={classes.layerColumn}>{t('layers.column', { number: c + 1 })}</span>
              ) : null}
              <ul>
                {column.blocks.map((block) => (
                  <BlockRow key={block.id} block={block} />
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </li>
      <Gap index={index + 1} />
    </>
  );
}

function BlockRow({ block }: { block: Block }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const selected = useEditor((s) => s.selected === block.id);
  const select = useEditor((s) => s.select);
  const edit = useEditor((s) => s.edit);
  const title = kinds.find((k) => k.key === block.kind)?.title ?? block.kind;
  const words = wordsOf(
    String(block.options['text'] ?? block.options['html'] ?? block.options['label'] ?? block.options['title'] ?? ''),
  );
  const { handle } = useDragItem<DragItem>(`layer-block:${block.id}`, { block: block.id, label: title });
  return (
    <li className={classes.layer} data-selected={selected || undefined}>
      <button type="button" className={classes.layerGrip} aria-label={t('layers.drag', { what: title })} {...handle}>
        <IconGripVertical size={14} aria-hidden />
      </button>
      <button
        type="button"
        className={classes.layerName}
        aria-pressed={selected}
        onClick={() => {
          select(block.id);
          document.getElementById(`block-${block.id}`)?.scrollIntoView({ block: 'center' });
        }}
        onKeyDown={onKeys((by) => edit((d) => nudgeBlock(d, block.id, by)))}
      >
        {createElement(blockIcon(block.kind), { size: 15, 'aria-hidden': true })}
        <span>{words === '' ? title : <TokenText text={words} />}</span>
      </button>
    </li>
  );
}
