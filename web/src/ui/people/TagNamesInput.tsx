import { api } from '@/api/client';
import { TagsInput, type TagsInputProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

type Props = Omit<TagsInputProps, 'data' | 'searchValue' | 'onSearchChange'>;

/** Names of tags: those that exist are offered while typing, others are made by the server. */
export function TagNamesInput(props: Props) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 150);
  const found = api.useQuery(
    'get',
    '/api/app/tags',
    { params: { query: { limit: 20, ...(q === '' ? {} : { q }) } } },
    { placeholderData: (before: unknown) => before as never },
  );
  const names = [...new Set((found.data?.items ?? []).map((t) => t.name))];
  return (
    <TagsInput
      acceptValueOnBlur
      splitChars={[',', ';', '\t']}
      {...props}
      data={names}
      searchValue={text}
      onSearchChange={setText}
      isDuplicate={(value, current) => current.some((c) => c.toLowerCase() === value.toLowerCase())}
    />
  );
}
