import { Button, Group, Input, Menu, Textarea } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { asText, fieldProps } from './fieldProps';
import { useSchemaFormServices } from './references';
import type { EditorProps } from './types';

/** Text with personalization tags, put in at the cursor from the menu. */
export function TemplateEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const { templateTags } = useSchemaFormServices();
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const text = asText(p.value);
  const insert = (tag: string) => {
    const start = area.current?.selectionStart ?? text.length;
    const end = area.current?.selectionEnd ?? start;
    p.onChange(text.slice(0, start) + tag + text.slice(end));
  };
  const groups = [...new Set(templateTags.map((x) => x.group))];
  return (
    <Input.Wrapper {...fieldProps(p)} id={id}>
      <Textarea
        ref={area}
        id={id}
        autosize
        minRows={2}
        maxRows={16}
        mt={4}
        value={text}
        onChange={(e) => p.onChange(e.currentTarget.value)}
      />
      {templateTags.length === 0 ? null : (
        <Group justify="flex-end" mt={4}>
          <Menu width={280} position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" size="compact-sm" leftSection={<IconUserPlus size={14} aria-hidden />}>
                {t('personalize')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {groups.map((group) => (
                <div key={group} role="presentation">
                  <Menu.Label>{group}</Menu.Label>
                  {templateTags
                    .filter((x) => x.group === group)
                    .map((x) => (
                      <Menu.Item key={x.tag} onClick={() => insert(x.tag)}>
                        {x.label}
                      </Menu.Item>
                    ))}
                </div>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </Input.Wrapper>
  );
}
