import { api } from '@/api/client';
import { formatNumber } from '@/ui/format';
import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { samplesOf, type Column, type MappingError, type Preview } from './mapping';
import { TargetCell } from './TargetCell';
import classes from './wizard.module.css';

type Props = {
  preview: Preview;
  columns: readonly Column[];
  onChange: (columns: Column[]) => void;
  errors: ReadonlyMap<number, MappingError>;
};

/** One row for each column of the file: its name, what stands in it, where it goes. */
export function MappingTable({ preview, columns, onChange, errors }: Props) {
  const { t } = useTranslation('imports');
  const fields = api.useQuery('get', '/api/app/fields', {});
  const used = columns.filter((c) => c.target !== 'skip').length;
  return (
    <div className={classes.table}>
      <Table aria-label={t('mapping.table')} verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="24%">{t('mapping.column')}</Table.Th>
            <Table.Th>{t('mapping.samples')}</Table.Th>
            <Table.Th w={300}>{t('mapping.target')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column) => (
            <Table.Tr key={column.index} className={column.target === 'skip' ? classes.skipped : undefined}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {column.name || t('mapping.unnamed', { n: column.index + 1 })}
                </Text>
              </Table.Td>
              <Table.Td>
                {samplesOf(preview, column.index).map((sample) => (
                  <span key={sample} className={classes.sample}>
                    {sample}
                  </span>
                ))}
              </Table.Td>
              <Table.Td>
                <TargetCell
                  column={column}
                  fields={fields.data?.items ?? []}
                  error={errors.get(column.index)}
                  onChange={(next) => onChange(columns.map((c) => (c.index === next.index ? next : c)))}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Caption>
          {t('mapping.used', { used: formatNumber(used), of: formatNumber(columns.length) })}
        </Table.Caption>
      </Table>
    </div>
  );
}
