import { SortableList } from '@/ui/dnd/SortableList';
import { ActionIcon, Group as Row, Menu, Text, Title } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldRow } from './FieldRow';
import classes from './fields.module.css';
import { useDeleteGroup } from './useDeleteGroup';
import type { Field, Group } from './useFields';

type Props = {
  group: Group | null;
  fields: Field[];
  manages: boolean;
  onOrder: (fields: Field[]) => void;
  onEdit: (field: Field) => void;
  onDelete: (field: Field) => void;
  onGroup: (group: Group) => void;
};

export function FieldGroupCard({ group, fields, manages, onOrder, onEdit, onDelete, onGroup }: Props) {
  const { t } = useTranslation('audience');
  const id = useId();
  const remove = useDeleteGroup();
  const name = group?.name ?? t('fields.general');
  return (
    <section className={classes.card} aria-labelledby={id}>
      <Row justify="space-between" className={classes.head}>
        <Title order={2} id={id}>
          {name}
        </Title>
        {group && manages ? (
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('fields.group_menu', { name })}>
                <IconDots size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onGroup(group)}>
                {t('fields.rename_group')}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => void remove(group, fields)}
              >
                {t('fields.delete_group')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Row>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {t('fields.empty_group')}
        </Text>
      ) : (
        <SortableList
          label={name}
          items={fields}
          itemId={(f) => String(f.id)}
          itemLabel={(f) => f.name}
          onOrder={onOrder}
          disabled={!manages}
        >
          {(field) => (
            <FieldRow field={field} manages={manages} onEdit={() => onEdit(field)} onDelete={() => onDelete(field)} />
          )}
        </SortableList>
      )}
    </section>
  );
}
