import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { toneOf } from './importState';
import type { ImportView } from './upload';

const number = (t: TFunction, key: 'rows' | 'created' | 'updated' | 'rejected'): GridColumn<ImportView> => ({
  id: key,
  header: t(`figures.${key}`),
  size: 110,
  align: 'end',
  cell: (i) => <Num value={i[key]} />,
});

export const importColumns = (t: TFunction): GridColumn<ImportView>[] => [
  {
    id: 'name',
    header: t('list.file'),
    size: 320,
    cell: (i) => (
      <Text size="sm" fw={600} truncate>
        {i.name}
      </Text>
    ),
  },
  {
    id: 'state',
    header: t('list.state'),
    size: 150,
    cell: (i) => <StatusBadge tone={toneOf(i.state)} label={t(`state.${i.state}`)} />,
  },
  number(t, 'rows'),
  number(t, 'created'),
  number(t, 'updated'),
  number(t, 'rejected'),
  { id: 'when', header: t('list.when'), size: 150, cell: (i) => <When at={i.created_at} /> },
];
