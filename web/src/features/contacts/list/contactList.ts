import { client } from '@/api/client';
import type { components, paths } from '@/api/schema';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ContactSelection } from '../bulk/bulk';
import { askedTree, type ContactSearch } from './search';

export type ContactRow = components['schemas']['ListContactsContactRow'];
type Query = NonNullable<paths['/api/app/contacts']['get']['parameters']['query']>;

export const contactListKey = ['get', '/api/app/contacts'] as const;

const startOf = (day: string, plusDays = 0) => {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + plusDays);
  return date.toISOString();
};

const treeText = (s: ContactSearch) => {
  const tree = askedTree(s);
  return tree === undefined ? {} : { conditions: JSON.stringify(tree) };
};

export const toQuery = (s: ContactSearch): Query => ({
  ...treeText(s),
  ...(s.q ? { q: s.q } : {}),
  ...(s.tag ? { tag: s.tag } : {}),
  ...(s.list ? { list: s.list } : {}),
  ...(s.status ? { status: s.status } : {}),
  ...(s.from ? { created_from: startOf(s.from) } : {}),
  ...(s.to ? { created_before: startOf(s.to, 1) } : {}),
  ...(s.sort ? { sort: s.sort } : {}),
});

const toFilter = (s: ContactSearch) => ({
  ...(s.q ? { text: s.q } : {}),
  ...(s.tag ? { tag_id: s.tag } : {}),
  ...(s.list ? { list_id: s.list } : {}),
  ...(s.status ? { status: s.status } : {}),
  ...(s.from ? { created_from: startOf(s.from) } : {}),
  ...(s.to ? { created_before: startOf(s.to, 1) } : {}),
});

/** The same for a job or an export: what the list shows, whatever its order. */
export function toSelection(s: ContactSearch): Partial<ContactSelection> {
  const conditions = askedTree(s);
  return { filter: toFilter(s) as never, ...(conditions === undefined ? {} : { conditions }) };
}

/** Pages of 100 by cursor, at most 20 kept. */
export function useContactList(search: ContactSearch, fields: readonly number[] = []) {
  const query: Query = { ...toQuery(search), ...(fields.length > 0 ? { fields: [...fields] } : {}) };
  return useInfiniteQuery({
    queryKey: [...contactListKey, query],
    queryFn: async ({ pageParam, signal }) => {
      const all = { ...query, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/app/contacts', { params: { query: all }, signal });
      if (data === undefined) throw new Error('no page');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
}
