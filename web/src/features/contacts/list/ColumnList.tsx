import { SortableList } from '@/ui/dnd/SortableList';
import type { GridColumn } from '@/ui/grid/types';
import { Button, Checkbox, Group, ScrollArea, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ContactRow } from './contactList';
import { maxFields, type GridLayout } from './useLayout';

type Props = {
  all: readonly GridColumn<ContactRow>[];
  layout: GridLayout;
  onLayout: (layout: GridLayout) => void;
  onReset: () => void;
  isStandard: boolean;
};

/** The shown columns in their order, by handle or keys, then those that are hidden. */
export function ColumnList({ all, layout, onLayout, onReset, isStandard }: Props) {
  const { t } = useTranslation('contacts');
  const byId = new Map(all.map((c) => [c.id, c]));
  const shown = layout.columns.flatMap((id) => byId.get(id) ?? []);
  const hidden = all.filter((c) => !layout.columns.includes(c.id));
  const set = (columns: readonly string[]) => onLayout({ ...layout, columns });
  const full = layout.columns.filter((id) => id.startsWith('field-')).length >= maxFields;
  return (
    <>
      <ScrollArea.Autosize mah={360} type="auto">
        <SortableList
          label={t('layout.shown')}
          items={shown}
          itemId={(c) => c.id}
          itemLabel={(c) => c.header}
          onOrder={(items) => set(items.map((c) => c.id))}
        >
          {(c) => (
            <Checkbox
              size="xs"
              label={c.header}
              checked
              disabled={shown.length === 1}
              onChange={() => set(layout.columns.filter((id) => id !== c.id))}
            />
          )}
        </SortableList>
        {hidden.length > 0 ? (
          <Text size="xs" c="dimmed" mt="sm" mb={6}>
            {t('layout.hidden')}
          </Text>
        ) : null}
        {hidden.map((c) => (
          <Checkbox
            key={c.id}
            size="xs"
            py={5}
            label={c.header}
            checked={false}
            disabled={full && c.id.startsWith('field-')}
            // Before the last, which takes the room that is left and would push it out of sight.
            onChange={() => set([...layout.columns.slice(0, -1), c.id, ...layout.columns.slice(-1)])}
          />
        ))}
      </ScrollArea.Autosize>
      <Group justify="flex-end" mt="sm">
        <Button size="compact-sm" variant="subtle" disabled={isStandard} onClick={onReset}>
          {t('layout.reset')}
        </Button>
      </Group>
    </>
  );
}
