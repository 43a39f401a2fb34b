import { useDragItem } from '@/ui/dnd/DragArea';
import type { Editor } from '@tiptap/core';
import { IconDeviceDesktop, IconDeviceMobile, IconEye } from '@tabler/icons-react';
import { memo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlockActions, type DragItem } from '../actions';
import { useCatalogue } from '../catalogue';
import { updateBlock } from '../document/operations';
import { useEditor } from '../document/store';
import type { Block, DesignSettings } from '../document/types';
import { BlockToolbar } from '../toolbar/BlockToolbar';
import { SavePartDialog } from '../parts/SavePartDialog';
import { BlockContent } from './BlockContent';
import { SlashMenu } from './SlashMenu';
import classes from './canvas.module.css';

type Props = { block: Block; settings: DesignSettings };

const isBlank = (html: unknown) => String(html ?? '').replace(/<[^>]*>|&nbsp;|\s/g, '') === '';

/** As a narrow screen shows it: what differs there in place of the usual. */
const onMobile = (block: Block): Block => ({
  ...block,
  options: {
    ...block.options,
    ...(block.mobile_align ? { align: block.mobile_align } : {}),
    ...(block.mobile_size ? { size: block.mobile_size } : {}),
    ...(block.mobile_width ? { width: block.mobile_width } : {}),
  },
});

/** One block on the canvas: outline, toolbar, keys. */
export const BlockFrame = memo(function BlockFrame({ block, settings }: Props) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const selected = useEditor((s) => s.selected === block.id);
  const select = useEditor((s) => s.select);
  const edit = useEditor((s) => s.edit);
  const actions = useBlockActions(block.id);
  const mobile = useEditor((s) => s.device === 'mobile');
  const [editor, setEditor] = useState<Editor | null>(null);
  const [keeping, setKeeping] = useState(false);
  const [slash, setSlash] = useState(false);
  const title = kinds.find((k) => k.key === block.kind)?.title ?? block.kind;
  const drag = useDragItem<DragItem>(`block:${block.id}`, { block: block.id, label: title });

  const onKeyDown = (e: KeyboardEvent<HTMLDivElement>) => {
    const onFrame = e.target === e.currentTarget;
    const run = (action: () => void) => {
      e.preventDefault();
      e.stopPropagation();
      action();
    };
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown'))
      run(() => actions.nudge(e.key === 'ArrowUp' ? -1 : 1));
    else if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'd') run(actions.duplicate);
    else if (e.key === '/' && block.kind === 'text' && isBlank(block.options['html'])) run(() => setSlash(true));
    else if (e.key === 'Escape') run(onFrame ? actions.selectSection : () => e.currentTarget.focus());
    else if (onFrame && (e.key === 'Delete' || e.key === 'Backspace')) run(actions.remove);
    else if (onFrame && e.key === 'Enter')
      run(() => e.currentTarget.querySelector<HTMLElement>('[contenteditable=true]')?.focus());
    else if (onFrame && (e.key === 'ArrowUp' || e.key === 'ArrowDown'))
      run(() => actions.focusNext(e.currentTarget, e.key === 'ArrowUp' ? -1 : 1));
  };

  return (
    // A composite widget of its own: takes focus and keys like a tree item, but holds an editor.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- The canvas is one listbox-like surface: a block is chosen by click or by Tab, and every action is a labelled button.
    <div
      className={classes.block}
      role="group"
      aria-label={t('canvas.block', { kind: title })}
      aria-roledescription={t('canvas.block_role')}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- The canvas is one listbox-like surface: a block is chosen by click or by Tab, and every action is a labelled button.
      tabIndex={0}
      id={`block-${block.id}`}
      data-block
      data-selected={selected || undefined}
      data-dragged={drag.isDragging || undefined}
      data-only={mobile && block.hide_on === 'mobile' ? 'hidden' : undefined}
      style={{
        ...(block.background ? { background: block.background } : {}),
        ...(block.padding ? { padding: block.padding } : {}),
        ...(mobile && block.mobile_padding ? { paddingInline: block.mobile_padding } : {}),
      }}
      onFocus={() => select(block.id)}
      onMouseDown={() => select(block.id)}
      onKeyDown={onKeyDown}
    >
      <BlockContent
        block={mobile ? onMobile(block) : block}
        settings={settings}
        onOption={(key, value) =>
          edit((d) => updateBlock(d, block.id, { options: { ...block.options, [key]: value } }), `${block.id}.${key}`)
        }
        onEditor={setEditor}
      />
      {block.hide_on || block.show_when || block.conditions ? (
        <span className={classes.badge}>
          {block.show_when || block.conditions ? (
            <IconEye size={14} aria-label={t('canvas.shown_when', { rule: block.show_when || t('canvas.rule') })} />
          ) : null}
          {block.hide_on === 'mobile' ? <IconDeviceDesktop size={14} aria-label={t('canvas.only_desktop')} /> : null}
          {block.hide_on === 'desktop' ? <IconDeviceMobile size={14} aria-label={t('canvas.only_mobile')} /> : null}
        </span>
      ) : null}
      {slash ? (
        <SlashMenu
          onClose={() => setSlash(false)}
          onPick={(kind) => {
            setSlash(false);
            actions.replaceBy(kind);
          }}
        />
      ) : null}
      {keeping ? <SavePartDialog id={block.id} onClose={() => setKeeping(false)} /> : null}
      {selected ? (
        <BlockToolbar
          onKeep={() => setKeeping(true)}
          title={title}
          actions={actions}
          handle={drag.handle}
          editor={editor}
          kind={block.kind}
        />
      ) : null}
    </div>
  );
});
