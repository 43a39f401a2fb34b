import { api } from '@/api/client';
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

type Props = Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  value: number | null;
  onChange: (id: number | null) => void;
  /** Its list must not leave the popover it stands in. */
  inPopover?: boolean;
};

/** One tag that exists, found by typing. */
export function TagSelect({ value, onChange, inPopover, ...props }: Props) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const found = api.useQuery(
    'get',
    '/api/app/tags',
    { params: { query: { limit: 50, ...(q === '' ? {} : { q }) } } },
    { placeholderData: (before: unknown) => before as never },
  );
  const chosen = api.useQuery(
    'get',
    '/api/app/references/{source}',
    { params: { path: { source: 'tag' }, query: { ids: String(value) } } },
    { enabled: value !== null },
  );
  const names = new Map<string, string>();
  for (const tag of [...(chosen.data?.items ?? []), ...(found.data?.items ?? [])]) names.set(String(tag.id), tag.name);
  return (
    <Select
      clearable
      searchable
      {...props}
      {...(inPopover ? { comboboxProps: { withinPortal: false } } : {})}
      data={[...names].map(([id, label]) => ({ value: id, label }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
      searchValue={text}
      onSearchChange={setText}
    />
  );
}
