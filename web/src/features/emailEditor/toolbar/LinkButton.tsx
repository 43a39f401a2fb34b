import { ActionIcon, Button, Group, Popover, Stack, TextInput, Tooltip } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const targets = ['%UNSUBSCRIBELINK%', '%WEBCOPY%', '%UPDATELINK%'];

/** Sets, changes or removes the link of what is selected. */
export function LinkButton({ editor }: { editor: Editor }) {
  const { t } = useTranslation('emailEditor');
  const [opened, setOpened] = useState(false);
  const [url, setUrl] = useState('');
  const href = useEditorState({ editor, selector: ({ editor: e }) => String(e.getAttributes('link')['href'] ?? '') });
  const apply = (to: string) => {
    const chain = editor.chain().focus().extendMarkRange('link');
    if (to === '') chain.unsetLink().run();
    else chain.setLink({ href: /^([a-z]+:|%|#)/i.test(to) ? to : `https://${to}` }).run();
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom" withArrow width={320}>
      <Popover.Target>
        <Tooltip label={t('text.link')}>
          <ActionIcon
            variant={href ? 'light' : 'subtle'}
            color={href ? 'indigo' : 'gray'}
            size={28}
            aria-label={t('text.link')}
            aria-expanded={opened}
            onClick={() => {
              setUrl(href);
              setOpened(!opened);
            }}
          >
            <IconLink size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown onMouseDown={(e) => e.stopPropagation()} onKeyDown={(e) => e.stopPropagation()}>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            e.stopPropagation();
            apply(url.trim());
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={t('text.address')}
              placeholder="https://acme.example"
              data-autofocus
              value={url}
              onChange={(e) => setUrl(e.currentTarget.value)}
            />
            <Group gap={6}>
              {targets.map((target) => (
                <Button key={target} size="compact-xs" variant="default" onClick={() => apply(target)}>
                  {t(`text.targets.${target.replace(/%/g, '')}`)}
                </Button>
              ))}
            </Group>
            <Group justify="flex-end" gap="sm">
              {href ? (
                <Button size="xs" variant="default" onClick={() => apply('')}>
                  {t('text.unlink')}
                </Button>
              ) : null}
              <Button size="xs" type="submit">
                {t('text.set_link')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
