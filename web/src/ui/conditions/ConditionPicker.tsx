import { Select, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionCatalogue, ConditionDescription } from './tree';

type Props = {
  catalogue: ConditionCatalogue;
  /** Only members of these records. */
  within?: string | undefined;
  onPick: (description: ConditionDescription) => void;
};

/** "+ condition": search over titles and keys, by group of the catalogue. */
export function ConditionPicker({ catalogue, within, onPick }: Props) {
  const { t } = useTranslation('conditions');
  const [text, setText] = useState('');
  const offered = catalogue.conditions.filter((c) => within === undefined || c.same?.key === within);
  const groups = [...new Set(offered.map((c) => c.group))];
  const id = (c: ConditionDescription) => `${c.kind}:${c.key}`;
  const data = groups.map((group) => ({
    group,
    items: offered
      .filter((c) => c.group === group)
      .map((c) => ({ value: id(c), label: c.title, disabled: Boolean(c.unavailable) })),
  }));
  const why = new Map(catalogue.conditions.flatMap((c) => (c.unavailable ? [[id(c), c.unavailable] as const] : [])));
  return (
    <Select
      w={260}
      size="xs"
      searchable
      value={null}
      data={data}
      searchValue={text}
      onSearchChange={setText}
      placeholder={t('add')}
      aria-label={t('add')}
      leftSection={<IconPlus size={14} aria-hidden />}
      renderOption={({ option }) => (
        <div>
          {option.label}
          {why.has(option.value) ? (
            <Text size="xs" c="dimmed">
              {why.get(option.value)}
            </Text>
          ) : null}
        </div>
      )}
      nothingFoundMessage={t('nothing')}
      onChange={(value) => {
        const found = catalogue.conditions.find((c) => id(c) === value);
        setText('');
        if (found) onPick(found);
      }}
    />
  );
}
