import { CopyButton } from '@/ui/CopyButton';
import { ActionIcon, Code, Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FieldTypeIcon } from './FieldTypeIcon';
import classes from './fields.module.css';
import type { Field } from './useFields';

type Props = { field: Field; manages: boolean; onEdit: () => void; onDelete: () => void };

export function FieldRow({ field, manages, onEdit, onDelete }: Props) {
  const { t } = useTranslation('audience');
  const tag = `%${field.key}%`;
  const options = field.options.map((o) => o.label).join(', ');
  return (
    <div className={classes.row}>
      <FieldTypeIcon type={field.type} />
      <div className={classes.name}>
        <UnstyledButton onClick={onEdit} fz="sm" fw={600} disabled={!manages}>
          {field.name}
        </UnstyledButton>
        <Text size="xs" c="dimmed" truncate>
          {[t(`fields.types.${field.type}`), field.required ? t('fields.required_short') : '', options]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      <Group gap={2} wrap="nowrap">
        <Code>{tag}</Code>
        <CopyButton value={tag} label={t('fields.tag')} />
      </Group>
      {manages ? (
        <Group gap={2} wrap="nowrap">
          <Tooltip label={t('edit')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('fields.edit', { name: field.name })}
              onClick={onEdit}
            >
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('fields.delete')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('fields.delete_named', { name: field.name })}
              onClick={onDelete}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      ) : null}
    </div>
  );
}
