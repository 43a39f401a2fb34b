import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';

export type Field = components['schemas']['FieldView'];
export type FieldType = components['schemas']['FieldType'];
export type Group = components['schemas']['FieldGroupGroupView'];

type Fields = components['schemas']['FieldViews'];

export const fieldTypes: readonly FieldType[] = [
  'text',
  'textarea',
  'number',
  'currency',
  'date',
  'datetime',
  'dropdown',
  'radio',
  'listbox',
  'checkbox',
  'language',
  'hidden',
];

export const hasOptions = (type: FieldType) =>
  type === 'dropdown' || type === 'radio' || type === 'listbox' || type === 'checkbox';

const fieldsQuery = api.queryOptions('get', '/api/app/fields', {});

/** All custom fields and groups, and the ways to put them in another order. */
export function useFields() {
  const queryClient = useQueryClient();
  const fields = api.useQuery('get', '/api/app/fields', {});
  const groups = api.useQuery('get', '/api/app/field-groups', {});

  /** At once on the screen; a refusal takes it back. */
  const order = (items: Field[]) => {
    const before = queryClient.getQueryData<Fields>(fieldsQuery.queryKey);
    queryClient.setQueryData<Fields>(fieldsQuery.queryKey, { items });
    client.PUT('/api/app/fields/order', { body: { ids: items.map((f) => f.id) } }).catch((problem: unknown) => {
      queryClient.setQueryData(fieldsQuery.queryKey, before);
      toastProblem(problem);
    });
  };
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/fields'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/field-groups'] }),
    ]);
  return { fields, groups, order, refresh };
}

/** The order of all fields after those of one group changed places among themselves. */
export function reordered(all: readonly Field[], group: readonly Field[]): Field[] {
  const ids = new Set(group.map((f) => f.id));
  const queue = [...group];
  return all.map((f) => (ids.has(f.id) ? (queue.shift() ?? f) : f));
}
