import { Loader, MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastProblem } from '../toasts';
import { useSchemaFormServices, type ReferenceItem } from './references';

type Props = {
  label: string;
  source: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  multiple: boolean;
  creatable: boolean;
  withAsterisk?: boolean;
  description?: string;
  error?: string;
};

const createPrefix = '+create:';

/** Picks things of the account (tags, lists, users...) by searching on the server; tags and lists can be made in place. */
export function ReferencePicker({ label, source, values, onChange, multiple, creatable, ...field }: Props) {
  const { t } = useTranslation('forms');
  const { references } = useSchemaFormServices();
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [opened, setOpened] = useState(false);
  const [query] = useDebouncedValue(text.trim(), 120);
  const found = useQuery({
    queryKey: ['references', source, query],
    queryFn: ({ signal }) => references.search(source, query, signal),
    placeholderData: (p) => p,
  });
  const key = ['references', source, 'chosen', values];
  const chosen = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => references.resolve(source, values, signal),
    enabled: values.length > 0,
  });

  const labels = new Map([...(found.data ?? []), ...(chosen.data ?? [])].map((x) => [x.value, x.label]));
  const offered = (found.data ?? []).map((x) => ({ value: x.value, label: x.label }));
  const named = (value: string) => labels.get(value) ?? (chosen.isSuccess ? t('deleted', { id: value }) : value);
  const kept = values.filter((v) => !offered.some((o) => o.value === v)).map((v) => ({ value: v, label: named(v) }));
  const name = text.trim();
  const isNew =
    creatable &&
    references.create !== undefined &&
    name !== '' &&
    !offered.some((o) => o.label.toLowerCase() === name.toLowerCase());
  const data = [...kept, ...offered, ...(isNew ? [{ value: createPrefix + name, label: t('create', { name }) }] : [])];

  const set = (next: string[]) => onChange(multiple ? next : next.slice(-1));
  const choose = (next: string[]) => {
    const made = next.find((v) => v.startsWith(createPrefix));
    const rest = next.filter((v) => v !== made);
    setText('');
    // Where only one is wanted the list would hide what the choice has brought.
    if (!multiple) setOpened(false);
    if (made === undefined) return set(rest);
    references.create?.(source, made.slice(createPrefix.length)).then((item: ReferenceItem) => {
      queryClient.setQueriesData<readonly ReferenceItem[]>({ queryKey: ['references', source] }, (old) => [
        item,
        ...(old ?? []),
      ]);
      set([...rest, item.value]);
    }, toastProblem);
  };
  return (
    <MultiSelect
      {...field}
      label={label}
      data={data}
      filter={({ options, search }) =>
        options.filter(
          (o) =>
            'value' in o &&
            (o.value.startsWith(createPrefix) || o.label.toLowerCase().includes(search.trim().toLowerCase())),
        )
      }
      searchable
      hidePickedOptions
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      searchValue={text}
      onSearchChange={setText}
      value={[...values]}
      onChange={choose}
      nothingFoundMessage={found.isFetching ? t('searching') : t('nothing')}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
    />
  );
}
