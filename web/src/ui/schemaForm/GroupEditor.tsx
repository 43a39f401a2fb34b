import { ActionIcon, Button, Card, Group, Input, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { fieldProps } from './fieldProps';
import { SchemaForm } from './SchemaForm';
import { defaultsOf, type EditorProps, type Values } from './types';

/** A list of small forms. */
export function GroupEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const items: Values[] = Array.isArray(p.value) ? (p.value as Values[]) : [];
  const options = p.option.options ?? [];
  return (
    <Input.Wrapper {...fieldProps(p)} labelElement="div">
      <Stack gap="sm" mt={4}>
        {items.map((item, index) => (
          <Card key={index} withBorder padding="sm" role="group" aria-label={`${p.option.label} ${index + 1}`}>
            <Group justify="space-between">
              <Text size="xs" c="dimmed">
                {index + 1}
              </Text>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('remove')}
                onClick={() => p.onChange(items.filter((_, i) => i !== index))}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
            <SchemaForm
              options={options}
              values={item}
              errors={p.errors}
              path={`${p.path}.${index}`}
              onChange={(next) => p.onChange(items.map((x, i) => (i === index ? next : x)))}
            />
          </Card>
        ))}
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: 'start' }}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => p.onChange([...items, defaultsOf(options)])}
        >
          {t('add_row')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
