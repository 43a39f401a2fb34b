import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { useActionRegistry, type PageAction } from '@/ui/pageActions';
import { keysText } from '@/ui/shortcutKeys';
import { Kbd, Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matching } from './matching';
import { noteUse } from './ranking';

type Props = { opened: boolean; onClose: () => void };

type Found = components['schemas']['SearchResult'];

const find = async (q: string, signal: AbortSignal): Promise<Found[]> =>
  (await client.GET('/api/app/search', { params: { query: { q } }, signal })).data?.results ?? [];

/** `>` actions only, `@` contacts, `#` tags; every row runs by Enter. */
export default function Palette({ opened, onClose }: Props) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const sets = useActionRegistry((s) => s.sets);
  const mode = /^[>@#]/.test(query) ? query[0] : '';
  const words = mode ? query.slice(1).trim() : query.trim();
  const groups = useMemo(
    () => (mode === '@' || mode === '#' ? [] : matching(Object.values(sets).flat(), words, t('groups.page'))),
    [sets, words, mode, t],
  );
  const [debounced] = useDebouncedValue(words, 120);
  const search = useQuery<Found[]>({
    queryKey: ['palette', mode, debounced],
    queryFn: ({ signal }) => find(`${mode}${debounced}`, signal),
    enabled: opened && mode !== '>' && debounced.length > 1,
    placeholderData: (previous) => previous,
  });
  const results = words.length > 1 && mode !== '>' ? (search.data ?? []) : [];
  const nothing = groups.length === 0 && results.length === 0;

  const run = (action: PageAction) => {
    noteUse(action.id);
    onClose();
    action.run();
  };
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      forceOpened={opened}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      centered={false}
      yOffset={80}
      maxHeight={440}
      overlayProps={{ backgroundOpacity: 0.35, blur: 2 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('search')}
        leftSection={search.isFetching ? <Loader size={16} /> : <IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {results.length > 0 ? (
          <Spotlight.ActionsGroup label={t('groups.results')}>
            {results.map((r) => (
              <Spotlight.Action
                key={`${r.type}.${r.id}`}
                label={r.title}
                {...(r.subtitle ? { description: r.subtitle } : {})}
                rightSection={<Kbd size="xs">{r.type}</Kbd>}
                onClick={() => {
                  onClose();
                  void navigate({ to: r.url });
                }}
              />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {groups.map(([label, actions]) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {actions.map((a) => (
              <Spotlight.Action
                key={a.id}
                label={a.label}
                {...(a.disabledReason ? { description: a.disabledReason, disabled: true } : {})}
                leftSection={a.icon ? <a.icon size={18} stroke={1.6} aria-hidden /> : null}
                rightSection={a.keys ? <Kbd size="xs">{keysText(a.keys)}</Kbd> : null}
                onClick={() => run(a)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {nothing ? (
          <Spotlight.Empty>{search.isFetching ? t('palette.searching') : t('palette.nothing')}</Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
