import { api } from '@/api/client';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { value: number | null; onChange: (contact: number | null) => void };

/** Whose values fill the tags. Without one, the fallbacks show. */
export function ContactPicker({ value, onChange }: Props) {
  const { t } = useTranslation('emailEditor');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [search] = useDebouncedValue(text, 150);
  const found = api.useQuery(
    'get',
    '/api/app/search',
    { params: { query: { q: search } } },
    { enabled: search.trim() !== '' && search !== chosen?.label },
  );
  const people = (found.data?.results ?? [])
    .filter((r) => r.type === 'contact')
    .map((r) => ({ value: String(r.id), label: r.subtitle ? `${r.title} (${r.subtitle})` : r.title }));
  const data = chosen && !people.some((p) => p.value === chosen.value) ? [chosen, ...people] : people;
  return (
    <Select
      w={300}
      aria-label={t('preview.as')}
      placeholder={t('preview.as_nobody')}
      leftSection={<IconUser size={16} aria-hidden />}
      data={data}
      filter={({ options }) => options}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('preview.clear') }}
      nothingFoundMessage={t(search.trim() === '' ? 'preview.type' : 'preview.nobody')}
      value={value === null ? null : String(value)}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => {
        setChosen(data.find((p) => p.value === id) ?? null);
        onChange(id === null ? null : Number(id));
      }}
    />
  );
}
