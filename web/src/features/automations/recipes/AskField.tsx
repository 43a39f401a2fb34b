import { findReferences } from '@/ui/schemaForm/accountReferences';
import { Autocomplete, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Ask } from './recipes';

type Props = { ask: Ask; value: string; error: string | undefined; onChange: (value: string) => void };

/** One question: a thing of the account by its name, picked or new; an address; or a word. */
export function AskField({ ask, ...rest }: Props) {
  if (ask.kind === 'link' || ask.kind === 'signer' || ask.kind === 'text')
    return (
      <TextInput
        label={ask.label}
        required
        type={ask.kind === 'link' ? 'url' : 'text'}
        maxLength={ask.kind === 'link' ? 2000 : 200}
        value={rest.value}
        error={rest.error}
        onChange={(e) => rest.onChange(e.currentTarget.value)}
      />
    );
  return <ThingField ask={ask} {...rest} />;
}

/** Says below whether the name is one the account has or a new one. */
function ThingField({ ask, value, error, onChange }: Props) {
  const { t } = useTranslation('automations');
  const [query] = useDebouncedValue(value.trim(), 150);
  const found = useQuery({
    queryKey: ['references', ask.kind, 'recipe', query],
    queryFn: async ({ signal }) => {
      const all = await findReferences(ask.kind, {}, signal);
      const named = query === '' ? [] : await findReferences(ask.kind, { q: query }, signal);
      return [...new Map([...named, ...all].map((x) => [x.label, x])).values()];
    },
    placeholderData: (before) => before,
  });
  const fits = (found.data ?? []).filter((x) => ask.type === null || x.detail === ask.type);
  const exists = fits.some((x) => x.label.toLowerCase() === value.trim().toLowerCase());
  const hint = value.trim() === '' ? '' : t(`recipes.${exists ? 'existing' : 'fresh'}.${ask.kind}`);
  return (
    <Autocomplete
      label={ask.label}
      description={found.isPending ? ' ' : hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      required
      maxLength={100}
      data={[...new Set(fits.map((x) => x.label))]}
      filter={({ options }) => options}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
