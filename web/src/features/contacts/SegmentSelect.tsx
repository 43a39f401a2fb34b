import { api } from '@/api/client';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

type Props = { label: string; placeholder: string; value: number | null; onChange: (id: number | null) => void };

/** One saved segment, searched on the server. Stands in popovers. */
export function SegmentSelect({ value, onChange, ...field }: Props) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const find = (query: { q?: string; ids?: string }) => ({ params: { path: { source: 'segment' }, query } });
  const found = api.useQuery('get', '/api/app/references/{source}', find({ q }), {
    placeholderData: (before: unknown) => before as never,
  });
  const chosen = api.useQuery('get', '/api/app/references/{source}', find({ ids: String(value) }), {
    enabled: value !== null,
  });
  const items = [...(chosen.data?.items ?? []), ...(found.data?.items ?? [])];
  const data = [...new Map(items.map((s) => [s.id, { value: String(s.id), label: s.name }])).values()];
  return (
    <Select
      {...field}
      clearable
      searchable
      comboboxProps={{ withinPortal: false }}
      data={data}
      searchValue={text}
      onSearchChange={setText}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}
