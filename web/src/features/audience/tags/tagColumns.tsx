import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { When } from '@/ui/When';
import { Badge, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { Tag } from './useTags';

export const tagColumns = (t: TFunction): GridColumn<Tag>[] => [
  {
    id: 'name',
    header: t('tags.tag'),
    size: 300,
    cell: (tag) => (
      <Badge color="gray" size="md" maw={280}>
        {tag.name}
      </Badge>
    ),
  },
  { id: 'contacts', header: t('tags.contacts'), size: 130, align: 'end', cell: (tag) => <Num value={tag.contacts} /> },
  {
    id: 'description',
    header: t('description'),
    size: 420,
    cell: (tag) => (
      <Text size="sm" c="dimmed" truncate>
        {tag.description}
      </Text>
    ),
  },
  { id: 'created', header: t('created'), size: 140, cell: (tag) => <When at={tag.created_at} /> },
];
