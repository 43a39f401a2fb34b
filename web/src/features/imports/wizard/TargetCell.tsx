import type { components } from '@/api/schema';
import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { importableTypes, standardTargets, type Column, type FieldType, type MappingError } from './mapping';

type Props = {
  column: Column;
  fields: readonly components['schemas']['FieldView'][];
  error: MappingError | undefined;
  onChange: (column: Column) => void;
};

/** Where one column goes; for a field that is to be made, its name and type right below. */
export function TargetCell({ column, fields, error, onChange }: Props) {
  const { t } = useTranslation('imports');
  const what = column.name || t('mapping.unnamed', { n: column.index + 1 });
  const data = [
    { value: 'skip', label: t('targets.skip') },
    { value: 'new', label: t('targets.new') },
    {
      group: t('targets.contact'),
      items: standardTargets.map((s) => ({ value: s as string, label: t(`targets.${s}`) })),
    },
    ...(fields.length > 0
      ? [{ group: t('targets.fields'), items: fields.map((f) => ({ value: `field:${f.id}`, label: f.name })) }]
      : []),
  ];
  const message = error ? t(`mapping.errors.${error}`) : undefined;
  return (
    <>
      <Select
        aria-label={t('mapping.target_of', { what })}
        data={data}
        searchable
        allowDeselect={false}
        maxDropdownHeight={360}
        value={column.target}
        {...(message && column.target !== 'new' ? { error: message } : {})}
        onChange={(target) => target && onChange({ ...column, target })}
      />
      {column.target === 'new' ? (
        <Group mt={6} gap={6} wrap="nowrap" align="start">
          <TextInput
            flex={1}
            aria-label={t('mapping.new_name', { what })}
            value={column.newName}
            {...(message ? { error: message } : {})}
            onChange={(e) => onChange({ ...column, newName: e.currentTarget.value })}
          />
          <Select
            w={130}
            aria-label={t('mapping.new_type', { what })}
            allowDeselect={false}
            data={importableTypes.map((type) => ({ value: type, label: t(`types.${type}`) }))}
            value={column.newType}
            onChange={(type) => type && onChange({ ...column, newType: type as FieldType })}
          />
        </Group>
      ) : null}
    </>
  );
}
