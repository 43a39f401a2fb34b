import { ActionIcon, Tooltip } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import { IconArrowDown, IconArrowUp, IconBookmark, IconCopy, IconGripVertical, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BlockActions } from '../actions';
import { TextTools } from './TextTools';
import classes from './toolbar.module.css';

type Props = {
  title: string;
  kind: string;
  actions: BlockActions;
  handle: object;
  editor: Editor | null;
  onKeep: () => void;
};

/** Stands over the selected block: its text tools, and what can be done with the block. */
export function BlockToolbar({ title, kind, actions, handle, editor, onKeep }: Props) {
  const { t } = useTranslation('emailEditor');
  const buttons = [
    ['block.up', IconArrowUp, () => actions.nudge(-1)],
    ['block.down', IconArrowDown, () => actions.nudge(1)],
    ['block.duplicate', IconCopy, actions.duplicate],
    ...(kind === 'shared' ? [] : ([['saved.keep_block', IconBookmark, onKeep]] as const)),
    ['block.delete', IconTrash, actions.remove],
  ] as const;
  return (
    // Its own surface: a press here must not move the selection of the text.
    <div
      className={classes.bar}
      role="toolbar"
      aria-label={t('block.tools', { kind: title })}
      tabIndex={-1}
      onMouseDown={(e) => {
        if (!(e.target as HTMLElement).closest('input')) e.preventDefault();
      }}
    >
      <button type="button" className={classes.grip} aria-label={t('block.drag', { kind: title })} {...handle}>
        <IconGripVertical size={16} aria-hidden />
      </button>
      {editor ? <TextTools editor={editor} rich={kind !== 'heading'} /> : null}
      {buttons.map(([key, Icon, run]) => (
        <Tooltip key={key} label={t(key)}>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={t(key)} onClick={run}>
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
