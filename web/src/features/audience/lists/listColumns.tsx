import type { components } from '@/api/schema';
import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { When } from '@/ui/When';
import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';

export type List = components['schemas']['ListView'];

export const listColumns = (t: TFunction): GridColumn<List>[] => [
  {
    id: 'name',
    header: t('name'),
    size: 280,
    cell: (l) => (
      <Text size="sm" fw={600} truncate>
        {l.name}
      </Text>
    ),
  },
  {
    id: 'active',
    header: t('lists.active'),
    size: 150,
    align: 'end',
    cell: (l) => <Num value={l.active_contacts} />,
  },
  {
    id: 'string_id',
    header: t('lists.string_id'),
    size: 200,
    cell: (l) => (
      <Text size="xs" ff="monospace">
        {l.string_id}
      </Text>
    ),
  },
  {
    id: 'reminder',
    header: t('lists.reminder'),
    size: 340,
    cell: (l) => (
      <Text size="sm" c="dimmed" truncate>
        {l.reminder}
      </Text>
    ),
  },
  { id: 'created', header: t('created'), size: 140, cell: (l) => <When at={l.created_at} /> },
];
