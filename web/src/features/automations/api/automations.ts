import type { ConditionCatalogue } from '@/ui/conditions/tree';
import type { ReferenceItem } from '@/ui/schemaForm/references';
import type { AutomationCatalogue, EntryDescription, StepDescription } from '../model/catalogue';
import type { AutomationDocument } from '../model/document';
import type { AutomationProblem } from '../model/problems';
import { call } from './call';
import type { Automation, AutomationSummary, Counts, Person, Published, RunPath, StepCounts, Version } from './types';

/** Every request of this feature in one place. */

type ServerCatalogue = {
  triggers: (Omit<EntryDescription, 'key'> & { type: string })[];
  steps: (Omit<StepDescription, 'key'> & { type: string })[];
};

export async function loadCatalogue(signal?: AbortSignal): Promise<AutomationCatalogue> {
  const { triggers, steps } = await call<ServerCatalogue>('GET', 'automations/catalogue', signal ? { signal } : {});
  return {
    triggers: triggers.map(({ type, ...rest }) => ({ key: type, ...rest })),
    steps: steps.map(({ type, ...rest }) => ({ key: type, ...rest })),
  };
}

export const loadConditions = (signal?: AbortSignal) =>
  call<ConditionCatalogue>('GET', 'conditions', signal ? { signal } : {});

type ServerReference = { id: number | string; name: string; detail?: string | null };
const asItem = (r: ServerReference): ReferenceItem => ({
  value: String(r.id),
  label: r.name,
  ...(r.detail ? { detail: r.detail } : {}),
});

type ServerContact = { id: number; email?: string | null; first_name?: string; last_name?: string };
function asPerson({ id, email, first_name, last_name }: ServerContact): ReferenceItem {
  const name = `${first_name ?? ''} ${last_name ?? ''}`.trim();
  const label = name === '' ? (email ?? `#${id}`) : email ? `${name} (${email})` : name;
  return { value: String(id), label };
}

/** Contacts are too many for a list of names, so they have their own search. */
async function findContacts({ q, ids }: { q?: string; ids?: string }, signal?: AbortSignal) {
  const options = signal ? { signal } : {};
  if (ids !== undefined)
    return Promise.all(
      ids.split(',').map(async (id) => asPerson(await call<ServerContact>('GET', `contacts/${id}`, options))),
    );
  const { items } = await call<{ items: ServerContact[] }>('GET', 'contacts', { query: { q, limit: 20 }, ...options });
  return items.map(asPerson);
}

export async function findReferences(source: string, query: { q?: string; ids?: string }, signal?: AbortSignal) {
  if (source === 'contact') return findContacts(query, signal);
  const answer = await call<{ items: ServerReference[] }>('GET', `references/${source}`, {
    query,
    ...(signal ? { signal } : {}),
  });
  return answer.items.map(asItem);
}

export const createReference = async (source: string, name: string) =>
  asItem(await call<ServerReference>('POST', `references/${source}`, { body: { name } }));

export const listPageSize = 100;
export const listAutomations = (query: { search?: string; status?: string; offset?: number }, signal?: AbortSignal) =>
  call<{ items: AutomationSummary[]; total: number }>('GET', 'automations', {
    query: { ...query, limit: listPageSize },
    ...(signal ? { signal } : {}),
  });

type Created = { id: number };
export const createAutomation = (body: { name: string; description?: string }) =>
  call<Created>('POST', 'automations', { body });
export const duplicateAutomation = (id: number) => call<Created>('POST', `automations/${id}/duplicate`);
export const deleteAutomation = (id: number) => call<null>('DELETE', `automations/${id}`);

export const loadAutomation = (id: string, signal?: AbortSignal) =>
  call<Automation>('GET', `automations/${id}`, signal ? { signal } : {});

export type Draft = { name: string; description: string; document: AutomationDocument };

/** Answers with the new revision. @throws Problem 412 when someone else saved in between. */
export const saveDraft = (id: string, draft: Draft, revision: number) =>
  call<{ revision: number }>('PUT', `automations/${id}`, { body: draft, ifMatch: revision });

export const checkDocument = (id: string, document: AutomationDocument, signal?: AbortSignal) =>
  call<{ problems: AutomationProblem[] }>('POST', `automations/${id}/check`, {
    body: { document },
    ...(signal ? { signal } : {}),
  });

export const publish = (id: string) => call<Published>('POST', `automations/${id}/publish`);
export const activate = (id: string | number) => call<null>('POST', `automations/${id}/activate`);
export const deactivate = (id: string | number) => call<null>('POST', `automations/${id}/deactivate`);

type ServerNumbers = Omit<Counts, 'steps'> & {
  steps: (Omit<StepCounts, 'errors'> & { step_id: string; parked: number })[];
};

export async function loadCounts(id: string): Promise<Counts> {
  const { steps, ...whole } = await call<ServerNumbers>('GET', `automations/${id}/numbers`);
  return {
    ...whole,
    steps: Object.fromEntries(steps.map(({ step_id, parked, ...s }) => [step_id, { ...s, errors: parked }])),
  };
}

export const listVersions = (id: string) => call<Version[]>('GET', `automations/${id}/versions`);
export const restoreVersion = (id: string, number: number) =>
  call<{ revision: number }>('POST', `automations/${id}/versions/${number}/restore`);

export type PeoplePage = { items: Person[]; cursor: number | null };
export const listPeople = (id: string, query: { step?: string; status?: string; after?: number }) =>
  call<PeoplePage>('GET', `automations/${id}/people`, { query });
export const loadRun = (run: string) => call<RunPath>('GET', `runs/${run}`);
export type RunCommand = 'skip-wait' | 'end' | 'retry';
export const commandRun = (run: number, command: RunCommand) => call<unknown>('POST', `runs/${run}/${command}`);
export const retryAll = (id: string) => call<{ retried: number }>('POST', `automations/${id}/retry`);
/** `entered` is 0 when the entry rule refused the contact. */
export const addContact = (id: string, contact: string) =>
  call<{ entered: number }>('POST', `automations/${id}/contacts`, { body: { contact_ids: [Number(contact)] } });

export const exportAutomation = (id: string | number) =>
  call<Record<string, unknown>>('GET', `automations/${id}/export`);
export const importAutomation = (content: string, yaml: boolean) =>
  call<{ id: string; warnings: AutomationProblem[] }>('POST', 'automations/import', {
    text: { content, type: yaml ? 'application/yaml' : 'application/json' },
  });
