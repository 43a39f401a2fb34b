import type { GridColumn } from '@/ui/grid/types';
import { When } from '@/ui/When';
import { Badge, Group, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { SegmentRow } from '../segments';
import { CountCell } from './CountCell';

export const segmentColumns = (t: TFunction): GridColumn<SegmentRow>[] => [
  {
    id: 'name',
    header: t('list.name'),
    size: 240,
    sortable: true,
    cell: (s) => (
      <Text size="sm" fw={600} truncate {...(s.description ? { title: s.description } : {})}>
        {s.name}
      </Text>
    ),
  },
  {
    id: 'count',
    header: t('list.count'),
    size: 110,
    align: 'end',
    sortable: true,
    cell: (s) => <CountCell segment={s} />,
  },
  {
    id: 'words',
    header: t('list.rule'),
    size: 380,
    cell: (s) => (
      <Text size="sm" c="dimmed" truncate title={s.words}>
        {s.words === '' ? t('list.unreadable') : s.words}
      </Text>
    ),
  },
  {
    id: 'tags',
    header: t('list.tags'),
    size: 180,
    cell: (s) => (
      <Group gap={4} wrap="nowrap">
        {s.tags.map((tag) => (
          <Badge key={tag} color="gray">
            {tag}
          </Badge>
        ))}
      </Group>
    ),
  },
  {
    id: 'uses',
    header: t('list.uses'),
    size: 130,
    cell: (s) => (
      <Text size="sm" {...(s.uses === 0 ? { c: 'dimmed' } : {})}>
        {s.uses === 0 ? t('list.unused') : t('list.places', { count: s.uses })}
      </Text>
    ),
  },
  { id: 'updated', header: t('list.updated'), size: 140, sortable: true, cell: (s) => <When at={s.updated_at} /> },
];
