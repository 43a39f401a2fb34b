import { api } from '@/api/client';
import { SegmentSelect } from '../SegmentSelect';
import { TagSelect } from '../TagSelect';
import { Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactSearch } from './search';

type Props = {
  opened: boolean;
  onOpened: (opened: boolean) => void;
  search: ContactSearch;
  onChange: (part: Partial<Record<keyof ContactSearch, unknown>>) => void;
  children: ReactNode;
};

/** All filters of the list in one small form below its button; they take effect together. */
export function FilterMenu({ opened, onOpened, search, onChange, children }: Props) {
  const { t } = useTranslation('contacts');
  return (
    <Popover opened={opened} onChange={onOpened} position="bottom-start" shadow="md" width={320} trapFocus>
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown aria-label={t('filter.button')}>
        {opened ? (
          <FilterForm
            search={search}
            onApply={(part) => {
              onChange(part);
              onOpened(false);
            }}
          />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

type FormProps = { search: ContactSearch; onApply: (part: Partial<Record<keyof ContactSearch, unknown>>) => void };

function FilterForm({ search, onApply }: FormProps) {
  const { t } = useTranslation('contacts');
  const lists = api.useQuery('get', '/api/app/lists', {});
  const [draft, setDraft] = useState<ContactSearch>(search);
  const set = (part: Partial<Record<keyof ContactSearch, unknown>>) => setDraft({ ...draft, ...part } as ContactSearch);
  const statuses = (['active', 'unconfirmed', 'unsubscribed', 'bounced'] as const).map((s) => ({
    value: s,
    label: t(`ui:subscription.${s}`),
  }));
  const { tag, list, status, from, to, segment } = draft;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onApply({ tag, list, status, from, to, segment });
      }}
    >
      <Stack gap="md">
        <TagSelect
          label={t('filter.tag')}
          placeholder={t('filter.any')}
          value={tag ?? null}
          onChange={(id) => set({ tag: id ?? undefined })}
          inPopover
        />
        <Select
          label={t('filter.list')}
          placeholder={t('filter.any')}
          comboboxProps={{ withinPortal: false }}
          clearable
          searchable
          data={(lists.data?.items ?? []).map((l) => ({ value: String(l.id), label: l.name }))}
          value={list === undefined ? null : String(list)}
          onChange={(v) => set({ list: v === null ? undefined : Number(v) })}
        />
        <Select
          label={t('filter.status')}
          placeholder={t('filter.any')}
          comboboxProps={{ withinPortal: false }}
          clearable
          data={statuses}
          value={status ?? null}
          onChange={(v) => set({ status: v ?? undefined })}
        />
        <SegmentSelect
          label={t('filter.segment')}
          placeholder={t('filter.any')}
          value={segment ?? null}
          onChange={(id) => set({ segment: id ?? undefined })}
        />
        <Group grow gap="sm">
          <TextInput
            type="date"
            label={t('filter.from')}
            value={from ?? ''}
            max={to}
            onChange={(e) => set({ from: e.currentTarget.value || undefined })}
          />
          <TextInput
            type="date"
            label={t('filter.to')}
            value={to ?? ''}
            min={from}
            onChange={(e) => set({ to: e.currentTarget.value || undefined })}
          />
        </Group>
        <Button type="submit">{t('filter.apply')}</Button>
      </Stack>
    </form>
  );
}
