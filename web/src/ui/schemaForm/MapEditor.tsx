import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asText, fieldProps } from './fieldProps';
import type { EditorProps } from './types';

const read = (value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([k, v]) => [k, asText(v)])
    : [];

/** Names and values in rows; rows without a name are kept on screen but not handed out. */
export function MapEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const [rows, setRows] = useState(() => read(p.value));
  const set = (next: [string, string][]) => {
    setRows(next);
    p.onChange(Object.fromEntries(next.filter(([k]) => k !== '')));
  };
  return (
    <Input.Wrapper {...fieldProps(p)} labelElement="div">
      <Stack gap={6} mt={4} role="group" aria-label={p.option.label}>
        {rows.map(([key, value], index) => (
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={t('map_key', { n: index + 1 })}
              value={key}
              onChange={(e) => set(rows.map((r, i) => (i === index ? [e.currentTarget.value, r[1]] : r)))}
            />
            <TextInput
              flex={2}
              aria-label={t('map_value', { n: index + 1 })}
              value={value}
              onChange={(e) => set(rows.map((r, i) => (i === index ? [r[0], e.currentTarget.value] : r)))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('remove')}
              onClick={() => set(rows.filter((_, i) => i !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: 'start' }}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setRows([...rows, ['', '']])}
        >
          {t('add_row')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
