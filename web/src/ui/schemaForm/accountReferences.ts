import { client } from '@/api/client';
import type { components } from '@/api/schema';
import type { ReferenceItem, SchemaFormServices } from './references';

const sent = async <T>(request: Promise<{ data?: T }>): Promise<T> => (await request).data as T;
const until = (signal?: AbortSignal) => (signal ? { signal } : {});

const asItem = ({ id, name, detail }: components['schemas']['Reference']): ReferenceItem => ({
  value: String(id),
  label: name,
  ...(detail ? { detail } : {}),
});

type Named = { id: number; email: string | null; first_name: string; last_name: string };
function asPerson({ id, email, first_name, last_name }: Named): ReferenceItem {
  const name = `${first_name} ${last_name}`.trim();
  const label = name === '' ? (email ?? `#${id}`) : email ? `${name} (${email})` : name;
  return { value: String(id), label };
}

/** Contacts are too many for a list of names, so they have their own search. */
async function findContacts({ q, ids }: { q?: string; ids?: string }, signal?: AbortSignal) {
  if (ids !== undefined)
    return Promise.all(
      ids
        .split(',')
        .map(async (id) =>
          asPerson(
            await sent(
              client.GET('/api/app/contacts/{id}', { params: { path: { id: Number(id) } }, ...until(signal) }),
            ),
          ),
        ),
    );
  const query = { limit: 20, ...(q ? { q } : {}) };
  const { items } = await sent(client.GET('/api/app/contacts', { params: { query }, ...until(signal) }));
  return items.map(asPerson);
}

export async function findReferences(source: string, query: { q?: string; ids?: string }, signal?: AbortSignal) {
  if (source === 'contact') return findContacts(query, signal);
  const params = { path: { source }, query };
  const { items } = await sent(client.GET('/api/app/references/{source}', { params, ...until(signal) }));
  return items.map(asItem);
}

export const createReference = async (source: string, name: string) =>
  asItem(await sent(client.POST('/api/app/references/{source}', { params: { path: { source } }, body: { name } })));

const findSteps = async (automation: string, signal: AbortSignal) =>
  (
    await sent(
      client.GET('/api/app/automations/{id}/steps', { params: { path: { id: Number(automation) } }, ...until(signal) }),
    )
  ).items.map(({ id, name, shape }) => ({ value: id, label: name, shape }));

/** What forms need from outside: the things of the account. */
export const accountForms: SchemaFormServices = {
  references: {
    search: (source, q, signal) => findReferences(source, { q }, signal),
    resolve: (source, values, signal) => findReferences(source, { ids: values.join(',') }, signal),
    create: createReference,
  },
  steps: findSteps,
  templateTags: [],
};
