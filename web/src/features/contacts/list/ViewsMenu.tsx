import { api, client } from '@/api/client';
import { fieldErrors, problemKind } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Group, Menu, Modal, TextInput } from '@mantine/core';
import { IconBookmark, IconCheck, IconDeviceFloppy, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readSearch, type ContactSearch } from './search';
import type { GridLayout } from './useLayout';

type Definition = { search: ContactSearch; layout: GridLayout };

type Props = {
  search: ContactSearch;
  layout: GridLayout;
  /** Shows a view; undefined is the plain list. */
  onShow: (view: number | undefined, search: ContactSearch, layout: GridLayout | null) => void;
};

const key = ['get', '/api/app/views'];

/** What of the address belongs to a view: not the open panels. */
const kept = (search: ContactSearch): ContactSearch =>
  Object.fromEntries(Object.entries(search).filter(([key]) => !['peek', 'create', 'view', 'advanced'].includes(key)));

const readDefinition = (raw: unknown): Definition => {
  const { search = {}, layout } = (raw ?? {}) as Partial<Definition>;
  return {
    search: kept(readSearch(search)),
    layout: { columns: layout?.columns ?? [], widths: layout?.widths ?? {} },
  };
};

const same = (a: Definition, b: Definition) =>
  JSON.stringify([Object.entries(a.search).sort(), a.layout.columns]) ===
  JSON.stringify([Object.entries(b.search).sort(), b.layout.columns]);

/** The user's saved views of the list: filters, order and columns under a name. */
export function ViewsMenu({ search, layout, onShow }: Props) {
  const { t } = useTranslation(['contacts', 'common']);
  const queryClient = useQueryClient();
  const views = api.useQuery('get', '/api/app/views', { params: { query: { area: 'contacts' } } });
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<string>();
  const items = views.data?.items ?? [];
  const active = items.find((v) => v.id === search.view);
  const now: Definition = { search: kept(search), layout };
  const changed = active !== undefined && !same(readDefinition(active.definition), now);
  const refresh = () => queryClient.invalidateQueries({ queryKey: key });

  const create = async () => {
    try {
      const { data } = await client.POST('/api/app/views', {
        body: { area: 'contacts', name: name ?? '', definition: now as never },
      });
      setName(null);
      await refresh();
      if (data) onShow(data.id, now.search, null);
    } catch (problem) {
      if (problemKind(problem) === 'unauthenticated') throw problem;
      setError(fieldErrors(problem)['name'] ?? problemText(problem).text);
    }
  };
  const update = async (id: number, title: string) => {
    try {
      await client.PUT('/api/app/views/{id}', {
        params: { path: { id } },
        body: { name: title, definition: now as never },
      });
      toast(t('views.saved', { name: title }));
      await refresh();
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const remove = async (id: number, title: string) => {
    try {
      await client.DELETE('/api/app/views/{id}', { params: { path: { id } } });
      toast(t('views.deleted', { name: title }));
      onShow(undefined, now.search, null);
      await refresh();
    } catch (problem) {
      toastProblem(problem);
    }
  };

  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button variant="default" data-compact leftSection={<IconBookmark size={16} aria-hidden />}>
            {active ? t(changed ? 'views.active_changed' : 'views.active', { name: active.name }) : t('views.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={active ? <span style={{ width: 16 }} /> : <IconCheck size={16} aria-hidden />}
            onClick={() => onShow(undefined, {}, null)}
          >
            {t('views.all')}
          </Menu.Item>
          {items.map((v) => (
            <Menu.Item
              key={v.id}
              leftSection={v.id === active?.id ? <IconCheck size={16} aria-hidden /> : <span style={{ width: 16 }} />}
              onClick={() => {
                const d = readDefinition(v.definition);
                onShow(v.id, d.search, d.layout.columns.length > 0 ? d.layout : null);
              }}
            >
              {v.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {active && changed ? (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              onClick={() => void update(active.id, active.name)}
            >
              {t('views.update', { name: active.name })}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              setError(undefined);
              setName('');
            }}
          >
            {t('views.save_as')}
          </Menu.Item>
          {active ? (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => void remove(active.id, active.name)}
            >
              {t('views.delete', { name: active.name })}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={name !== null}
        onClose={() => setName(null)}
        title={t('views.save_as')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <form
          onSubmit={(e) => {
            e.preventDefault();
            void create();
          }}
        >
          <TextInput
            label={t('views.name')}
            description={t('views.help')}
            data-autofocus
            maxLength={60}
            value={name ?? ''}
            error={error}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={() => setName(null)}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" disabled={(name ?? '').trim() === ''}>
              {t('views.submit')}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
