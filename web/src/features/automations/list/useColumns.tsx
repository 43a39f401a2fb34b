import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Badge, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AutomationSummary, Label } from '../api/types';
import { LabelChip } from '../labels/LabelChip';
import { statusTones } from './statusTones';

export function useColumns(labels: readonly Label[]): GridColumn<AutomationSummary>[] {
  const { t } = useTranslation(['automations', 'builder']);
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        size: 320,
        cell: (a) => (
          <Group gap={8} wrap="nowrap">
            <Text size="sm" fw={600} truncate>
              {a.name}
            </Text>
            {a.changed && a.published_version !== null ? (
              <Badge size="sm" color="indigo">
                {t('unpublished')}
              </Badge>
            ) : null}
          </Group>
        ),
      },
      ...(labels.length === 0
        ? []
        : [
            {
              id: 'labels',
              header: t('labels.column', { ns: 'builder' }),
              size: 220,
              cell: (a: AutomationSummary) => (
                <Group gap={4} wrap="nowrap">
                  {labels
                    .filter((l) => a.labels.includes(l.id))
                    .map((label) => (
                      <LabelChip key={label.id} label={label} />
                    ))}
                </Group>
              ),
            },
          ]),
      {
        id: 'status',
        header: t('column.status'),
        size: 130,
        cell: (a) => <StatusBadge tone={statusTones[a.status]} label={t(`status.${a.status}`)} />,
      },
      { id: 'inside', header: t('column.inside'), size: 110, align: 'end', cell: (a) => <Num value={a.inside} /> },
      { id: 'entered', header: t('column.entered'), size: 110, align: 'end', cell: (a) => <Num value={a.entered} /> },
      {
        id: 'completed',
        header: t('column.completed'),
        size: 120,
        align: 'end',
        cell: (a) => <Num value={a.completed} />,
      },
      { id: 'updated', header: t('column.updated'), size: 170, cell: (a) => <When at={a.updated_at} /> },
    ],
    [t, labels],
  );
}
