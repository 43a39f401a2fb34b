import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { IconBold, IconItalic, IconList, IconListNumbers, IconUnderline } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { readToken, writeToken } from '@/ui/tokens';
import { LinkButton } from './LinkButton';
import { PersonalizeMenu } from './PersonalizeMenu';
import classes from './toolbar.module.css';

const marks = [
  ['bold', IconBold, (e: Editor) => e.chain().focus().toggleBold().run()],
  ['italic', IconItalic, (e: Editor) => e.chain().focus().toggleItalic().run()],
  ['underline', IconUnderline, (e: Editor) => e.chain().focus().toggleUnderline().run()],
  ['bulletList', IconList, (e: Editor) => e.chain().focus().toggleBulletList().run()],
  ['orderedList', IconListNumbers, (e: Editor) => e.chain().focus().toggleOrderedList().run()],
] as const;

/** Marks, lists, link and tags; with a tag selected, its fallback. */
export function TextTools({ editor, rich }: { editor: Editor; rich: boolean }) {
  const { t } = useTranslation('emailEditor');
  const state = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      on: marks.map(([name]) => e.isActive(name)),
      token: e.isActive('tag') ? String(e.getAttributes('tag')['token']) : null,
    }),
  });
  const token = state.token === null ? null : readToken(state.token);
  return (
    <>
      {rich
        ? marks.map(([name, Icon, run], i) => (
            <Tooltip key={name} label={t(`text.${name}`)}>
              <ActionIcon
                variant={state.on[i] ? 'light' : 'subtle'}
                color={state.on[i] ? 'indigo' : 'gray'}
                size={28}
                aria-label={t(`text.${name}`)}
                aria-pressed={state.on[i] ?? false}
                onClick={() => run(editor)}
              >
                <Icon size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ))
        : null}
      {rich ? <LinkButton editor={editor} /> : null}
      <PersonalizeMenu
        onPick={(tag) =>
          editor
            .chain()
            .focus()
            .insertContent({ type: 'tag', attrs: { token: tag } })
            .run()
        }
      />
      {token ? (
        <TextInput
          size="xs"
          w={150}
          placeholder={t('text.fallback')}
          aria-label={t('text.fallback_of', { tag: token.name })}
          value={token.fallback}
          onChange={(e) =>
            editor.commands.updateAttributes('tag', {
              token: writeToken({ ...token, fallback: e.currentTarget.value }),
            })
          }
        />
      ) : null}
      <span className={classes.line} />
    </>
  );
}
