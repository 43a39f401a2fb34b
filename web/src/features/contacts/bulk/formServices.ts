import { client } from '@/api/client';
import type { components } from '@/api/schema';
import type { ReferenceItem, SchemaFormServices } from '@/ui/schemaForm/references';

type Item = components['schemas']['Reference'];
const asItem = (r: Item): ReferenceItem => ({
  value: String(r.id),
  label: r.name,
  ...(r.detail ? { detail: r.detail } : {}),
});

const find = async (source: string, query: { q?: string; ids?: string }, signal: AbortSignal) => {
  const { data } = await client.GET('/api/app/references/{source}', {
    params: { path: { source }, query },
    signal,
  });
  return (data?.items ?? []).map(asItem);
};

/** What the forms of bulk actions need: the account's tags, lists, fields and automations. */
export const bulkForms: SchemaFormServices = {
  references: {
    search: (source, q, signal) => find(source, { q }, signal),
    resolve: (source, values, signal) => find(source, { ids: values.join(',') }, signal),
    create: async (source, name) => {
      const { data } = await client.POST('/api/app/references/{source}', {
        params: { path: { source } },
        body: { name },
      });
      if (data === undefined) throw new Error('not created');
      return asItem(data);
    },
  },
  templateTags: [],
};
