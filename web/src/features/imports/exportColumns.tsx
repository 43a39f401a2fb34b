import type { components } from '@/api/schema';
import type { GridColumn } from '@/ui/grid/types';
import { formatNumber } from '@/ui/format';
import { Num } from '@/ui/Num';
import { StatusBadge } from '@/ui/StatusBadge';
import { When } from '@/ui/When';
import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { toneOf } from './importState';

export type ExportView = components['schemas']['ExportView'];

const size = (bytes: number) =>
  bytes < 1_000_000
    ? formatNumber(Math.max(1, bytes / 1000), { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
    : formatNumber(bytes / 1_000_000, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });

export const exportColumns = (t: TFunction, fetchFile: (e: ExportView) => void): GridColumn<ExportView>[] => [
  {
    id: 'name',
    header: t('list.file'),
    size: 320,
    cell: (e) => (
      <Text size="sm" fw={600} truncate>
        {e.name}
      </Text>
    ),
  },
  {
    id: 'state',
    header: t('list.state'),
    size: 150,
    cell: (e) => <StatusBadge tone={toneOf(e.state)} label={t(`state.${e.state}`)} />,
  },
  { id: 'rows', header: t('exports.contacts'), size: 110, align: 'end', cell: (e) => <Num value={e.rows} /> },
  {
    id: 'bytes',
    header: t('exports.size'),
    size: 110,
    align: 'end',
    cell: (e) => <span className="tabular">{size(e.bytes)}</span>,
  },
  { id: 'when', header: t('list.when'), size: 160, cell: (e) => <When at={e.created_at} /> },
  {
    id: 'file',
    header: t('exports.file'),
    size: 180,
    cell: (e) =>
      e.state === 'finished' ? (
        <Button
          onClick={() => fetchFile(e)}
          size="compact-sm"
          variant="light"
          leftSection={<IconDownload size={14} aria-hidden />}
          aria-label={t('exports.download_named', { name: e.name })}
        >
          {t('exports.download')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed" truncate>
          {e.problem}
        </Text>
      ),
  },
];
