import { api } from '@/api/client';
import { FilterChips, SearchInput, type FilterChip } from '@/ui/filters';
import { useWords } from '@/ui/conditions/useWords';
import { usePageActions } from '@/ui/pageActions';
import { Button } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconFilter } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterMenu } from './FilterMenu';
import classes from './list.module.css';
import type { ContactSearch } from './search';

type Props = {
  search: ContactSearch;
  onChange: (part: Partial<Record<keyof ContactSearch, unknown>>) => void;
  /** For what changes no filter: a panel that opens. */
  onOpen: (part: Partial<Record<keyof ContactSearch, unknown>>) => void;
  /** What stands at the end of the line: views and columns. */
  children?: ReactNode;
};

const dayText = (day: string) =>
  new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium' }).format(new Date(`${day}T00:00:00`));

const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Search, the filters in force as chips, and the button that adds one. */
export function ContactTools({ search, onChange, onOpen, children }: Props) {
  const { t } = useTranslation('contacts');
  const [adding, setAdding] = useState(false);
  const lists = api.useQuery('get', '/api/app/lists', {}, { enabled: search.list !== undefined });
  const tag = api.useQuery(
    'get',
    '/api/app/references/{source}',
    { params: { path: { source: 'tag' }, query: { ids: String(search.tag) } } },
    { enabled: search.tag !== undefined },
  );
  const segment = api.useQuery(
    'get',
    '/api/app/references/{source}',
    { params: { path: { source: 'segment' }, query: { ids: String(search.segment) } } },
    { enabled: search.segment !== undefined },
  );
  const rule = useWords(search.conditions);
  const advanced = () => onOpen({ advanced: true });
  usePageActions([
    { id: 'contacts.advanced', label: t('advanced.open'), icon: IconAdjustmentsHorizontal, run: advanced },
    { id: 'contacts.filter', label: t('filter.add'), icon: IconFilter, keys: 'f', run: () => setAdding(true) },
  ]);

  const listName = lists.data?.items.find((l) => l.id === search.list)?.name ?? `#${search.list}`;
  const status = search.status ? t(`ui:subscription.${search.status}`) : t('filter.any_status');
  const tagName = tag.data?.items[0]?.name ?? `#${search.tag}`;
  const segmentName = segment.data?.items[0]?.name ?? `#${search.segment}`;
  const chips: FilterChip[] = [
    ...(search.segment ? [{ key: 'segment', label: t('filter.segment_is', { segment: segmentName }) }] : []),
    ...(search.conditions ? [{ key: 'conditions', label: shortened(rule ?? t('advanced.chip')) }] : []),
    ...(search.tag ? [{ key: 'tag', label: t('filter.tag_is', { tag: tagName }) }] : []),
    ...(search.list
      ? [{ key: 'list', label: t('filter.list_is', { list: listName, status: status.toLowerCase() }) }]
      : search.status
        ? [{ key: 'status', label: t('filter.status_is', { status: status.toLowerCase() }) }]
        : []),
    ...(search.from || search.to
      ? [
          {
            key: 'created',
            label:
              search.from && search.to
                ? t('filter.between', { from: dayText(search.from), to: dayText(search.to) })
                : search.from
                  ? t('filter.since', { day: dayText(search.from) })
                  : t('filter.until', { day: dayText(search.to ?? '') }),
          },
        ]
      : []),
  ];
  const remove = (key: string) =>
    onChange(
      key === 'created'
        ? { from: undefined, to: undefined }
        : key === 'list'
          ? { list: undefined, status: undefined }
          : { [key]: undefined },
    );
  return (
    <div className={classes.tools}>
      <SearchInput
        label={t('search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q === '' ? undefined : q })}
      />
      <FilterMenu opened={adding} onOpened={setAdding} search={search} onChange={onChange}>
        <Button
          variant="default"
          data-compact
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => setAdding(!adding)}
        >
          {t('filter.button')}
        </Button>
      </FilterMenu>
      <Button
        variant="default"
        data-compact
        leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
        onClick={advanced}
      >
        {t('advanced.open')}
      </Button>
      {chips.length > 0 ? (
        <div className={classes.chosen}>
          <FilterChips chips={chips} onRemove={remove} />
          {chips.length > 1 ? (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() =>
                onChange({
                  tag: undefined,
                  list: undefined,
                  status: undefined,
                  from: undefined,
                  to: undefined,
                  segment: undefined,
                  conditions: undefined,
                })
              }
            >
              {t('filter.clear')}
            </Button>
          ) : null}
        </div>
      ) : null}
      <div className={classes.toolsEnd}>{children}</div>
    </div>
  );
}
