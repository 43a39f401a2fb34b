import { CloseButton, Group, Pill, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './page.module.css';

type SearchProps = { value: string; onChange: (value: string) => void; label: string };

/** Search of a list. `value` comes from the URL; `onChange` writes it there 250 ms after the last key. */
export function SearchInput({ value, onChange, label }: SearchProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  const send = useDebouncedCallback(onChange, 250);
  const set = (next: string) => {
    setText(next);
    send(next);
  };
  return (
    <TextInput
      className={classes.search}
      value={text}
      onChange={(e) => set(e.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label={t('filter.clear_search')} onClick={() => set('')} />
      }
    />
  );
}

export type FilterChip = { key: string; label: string };

/** The filters in force, each with its remove button, in words. */
export function FilterChips({ chips, onRemove }: { chips: readonly FilterChip[]; onRemove: (key: string) => void }) {
  const { t } = useTranslation('ui');
  return (
    <Group gap={6}>
      {chips.map((chip) => (
        <Pill
          key={chip.key}
          size="md"
          withRemoveButton
          onRemove={() => onRemove(chip.key)}
          removeButtonProps={{
            'aria-label': t('filter.remove', { what: chip.label }),
            'aria-hidden': false,
            tabIndex: 0,
          }}
        >
          {chip.label}
        </Pill>
      ))}
    </Group>
  );
}
