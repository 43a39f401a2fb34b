import { api } from '@/api/client';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

type Props = { label: string; placeholder: string; value: number | null; onChange: (id: number | null) => void };

/** One saved segment, searched on the server. */
export function SegmentPicker({ value, onChange, ...field }: Props) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const find = (query: { q?: string; ids?: string }) => ({ params: { path: { source: 'segment' }, query } });
  const found = api.useQuery('get', '/api/app/references/{source}', find({ q }), {
    placeholderData: (before: unknown) => before as never,
  });
  const chosen = useSegmentNames(value === null ? [] : [value]);
  const items = [...chosen.entries(), ...(found.data?.items ?? []).map((s) => [Number(s.id), s.name] as const)];
  const data = [...new Map(items).entries()].map(([id, name]) => ({ value: String(id), label: name }));
  return (
    <Select
      {...field}
      clearable
      searchable
      data={data}
      searchValue={text}
      onSearchChange={setText}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}

/** Names of saved segments by their number. */
export function useSegmentNames(ids: readonly number[]) {
  const chosen = api.useQuery(
    'get',
    '/api/app/references/{source}',
    { params: { path: { source: 'segment' }, query: { ids: ids.join(',') } } },
    { enabled: ids.length > 0 },
  );
  return new Map((chosen.data?.items ?? []).map((s) => [Number(s.id), s.name]));
}
