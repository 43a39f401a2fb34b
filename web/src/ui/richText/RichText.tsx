import { bareTokens } from '@/ui/tokens';
import { ActionIcon, Button, Input, Menu, Popover, ScrollArea, TextInput, Tooltip } from '@mantine/core';
import {
  IconBold,
  IconBraces,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
  IconUnderline,
  type Icon,
} from '@tabler/icons-react';
import { getSchema, type Editor } from '@tiptap/core';
import { EditorContent, useEditor, useEditorState } from '@tiptap/react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { extensionsFor } from './extensions';
import { parseRich } from './parse';
import './richText.css';

export type Tag = { name: string; title: string; group: string };

type Props = {
  label: string;
  /** HTML; tags stand in it as `%NAME%`. */
  value: string;
  onChange: (html: string) => void;
  tags: readonly Tag[];
  /** Tags as they are written that have no value for whom it is written: they are red. */
  missing?: readonly string[];
  error?: string;
};

/** Rich text with personalization tags, for mails that a person writes. */
export default function RichText({ label, value, onChange, tags, missing = [], error }: Props) {
  const { t } = useTranslation('ui');
  const id = useId();
  const titles = useMemo(() => new Map(tags.map((tag) => [tag.name, tag.title])), [tags]);
  const extensions = useMemo(() => extensionsFor('rich', titles, true), [titles]);
  const schema = useMemo(() => getSchema(extensions), [extensions]);
  const written = useRef(value);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const editor = useEditor(
    {
      extensions,
      injectCSS: false,
      content: parseRich(value, schema),
      editorProps: { attributes: { role: 'textbox', 'aria-label': label, 'aria-multiline': 'true' } },
      onUpdate: ({ editor: e }) => {
        written.current = e.isEmpty ? '' : bareTokens(e.getHTML());
        latest.current(written.current);
      },
    },
    [extensions],
  );
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    editor.commands.setContent(parseRich(value, schema), { emitUpdate: false });
  }, [value, editor, schema]);
  // Not by the editor's own view: an editor that was just made again, for its tags came, has none yet.
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const element of root.current?.querySelectorAll<HTMLElement>('.mail-tag') ?? [])
      element.toggleAttribute('data-missing', missing.includes(element.title));
  });
  return (
    <Input.Wrapper label={label} labelElement="div" id={id} {...(error ? { error } : {})}>
      <div ref={root} className="rich-text" {...(error ? { 'data-error': true } : {})}>
        <Bar editor={editor} tags={tags} t={t} />
        <EditorContent editor={editor} />
      </div>
    </Input.Wrapper>
  );
}

type BarProps = { editor: Editor; tags: readonly Tag[]; t: (key: string) => string };

function Bar({ editor, tags, t }: BarProps) {
  const on = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      bold: e.isActive('bold'),
      italic: e.isActive('italic'),
      underline: e.isActive('underline'),
      bullet: e.isActive('bulletList'),
      ordered: e.isActive('orderedList'),
      link: e.isActive('link'),
    }),
  });
  const chain = () => editor.chain().focus();
  return (
    <div className="rich-text-bar" role="toolbar" aria-label={t('rich_text.toolbar')}>
      <Tool label={t('rich_text.bold')} icon={IconBold} on={on.bold} run={() => chain().toggleBold().run()} />
      <Tool label={t('rich_text.italic')} icon={IconItalic} on={on.italic} run={() => chain().toggleItalic().run()} />
      <Tool
        label={t('rich_text.underline')}
        icon={IconUnderline}
        on={on.underline}
        run={() => chain().toggleUnderline().run()}
      />
      <Tool
        label={t('rich_text.bullets')}
        icon={IconList}
        on={on.bullet}
        run={() => chain().toggleBulletList().run()}
      />
      <Tool
        label={t('rich_text.numbers')}
        icon={IconListNumbers}
        on={on.ordered}
        run={() => chain().toggleOrderedList().run()}
      />
      <LinkTool editor={editor} on={on.link} t={t} />
      <TagMenu
        tags={tags}
        label={t('rich_text.tags')}
        pick={(name) =>
          chain()
            .insertContent({ type: 'tag', attrs: { token: `%${name}%` } })
            .run()
        }
      />
    </div>
  );
}

type ToolProps = { label: string; icon: Icon; on: boolean; run: () => unknown };

const Tool = ({ label, icon: Icon, on, run }: ToolProps) => (
  <Tooltip label={label}>
    <ActionIcon
      variant={on ? 'light' : 'subtle'}
      color={on ? 'indigo' : 'gray'}
      aria-label={label}
      aria-pressed={on}
      onClick={() => run()}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  </Tooltip>
);

function LinkTool({ editor, on, t }: { editor: Editor; on: boolean; t: (key: string) => string }) {
  const [opened, setOpened] = useState(false);
  const [url, setUrl] = useState('');
  const open = () => {
    setUrl(String(editor.getAttributes('link')['href'] ?? ''));
    setOpened(true);
  };
  const save = () => {
    const address = /^[a-z]+:|^%/i.test(url.trim()) || url.trim() === '' ? url.trim() : `https://${url.trim()}`;
    const chain = editor.chain().focus().extendMarkRange('link');
    if (address === '') chain.unsetLink().run();
    else if (editor.state.selection.empty && !on)
      chain.insertContent({ type: 'text', text: address, marks: [{ type: 'link', attrs: { href: address } }] }).run();
    else chain.setLink({ href: address }).run();
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus width={320} withArrow>
      <Popover.Target>
        <Tooltip label={t('rich_text.link')}>
          <ActionIcon
            variant={on ? 'light' : 'subtle'}
            color={on ? 'indigo' : 'gray'}
            aria-label={t('rich_text.link')}
            aria-pressed={on}
            onClick={open}
          >
            <IconLink size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label={t('rich_text.address')}
          placeholder="https://"
          value={url}
          onChange={(e) => setUrl(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key === 'Enter') {
              e.preventDefault();
              save();
            }
          }}
        />
        <Button size="xs" mt="sm" onClick={save}>
          {t('rich_text.set_link')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Tags by group, for a text field too. */
export function TagMenu({ tags, label, pick }: { tags: readonly Tag[]; label: string; pick: (name: string) => void }) {
  const groups = [...new Set(tags.map((tag) => tag.group))];
  return (
    <Menu position="bottom-start" width={260} withinPortal>
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" leftSection={<IconBraces size={14} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={300} type="auto">
          {groups.map((group) => (
            <div key={group}>
              <Menu.Label>{group}</Menu.Label>
              {tags
                .filter((tag) => tag.group === group)
                .map((tag) => (
                  <Menu.Item key={tag.name} onClick={() => pick(tag.name)}>
                    {tag.title}
                  </Menu.Item>
                ))}
            </div>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
