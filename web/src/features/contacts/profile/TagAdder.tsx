import { api } from '@/api/client';
import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { has: readonly string[]; onAdd: (name: string) => void; onClose: () => void };

/** One line: type, choose or Enter, and go on with the next tag; Escape closes. */
export function TagAdder({ has, onAdd, onClose }: Props) {
  const { t } = useTranslation('contacts');
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 120);
  const found = api.useQuery(
    'get',
    '/api/app/tags',
    { params: { query: { limit: 20, ...(q === '' ? {} : { q }) } } },
    { placeholderData: (before: unknown) => before as never },
  );
  const taken = new Set(has.map((name) => name.toLowerCase()));
  const offered = [...new Set((found.data?.items ?? []).map((x) => x.name))].filter((n) => !taken.has(n.toLowerCase()));
  const put = (name: string) => {
    setText('');
    if (name.trim() !== '' && !taken.has(name.trim().toLowerCase())) onAdd(name.trim());
  };
  return (
    <Autocomplete
      size="xs"
      w={200}
      data-autofocus
      autoFocus
      aria-label={t('tags.add')}
      placeholder={t('tags.placeholder')}
      value={text}
      data={offered}
      onChange={setText}
      onOptionSubmit={(name) => {
        // The control writes the option into the field after this.
        setTimeout(() => put(name));
      }}
      onBlur={onClose}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onClose();
        else if ((e.key === 'Enter' && !e.currentTarget.getAttribute('aria-activedescendant')) || e.key === ',') {
          e.preventDefault();
          put(text);
        }
      }}
    />
  );
}
