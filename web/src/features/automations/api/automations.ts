import { client } from '@/api/client';
import type { components } from '@/api/schema';
import type { AutomationCatalogue, ServerOption, StepShape } from '../model/catalogue';
import { completeDocument, type AutomationDocument, type Step } from '../model/document';
import type { Automation, Counts, LabelInput } from './types';

/** Every request of this feature in one place. What is no success is thrown as a Problem by the client. */

const sent = async <T>(request: Promise<{ data?: T }>): Promise<T> => (await request).data as T;
const until = (signal?: AbortSignal) => (signal ? { signal } : {});
const of = (id: string | number) => ({ path: { id: Number(id) } });

export async function loadCatalogue(signal?: AbortSignal): Promise<AutomationCatalogue> {
  const { triggers, steps } = await sent(client.GET('/api/app/automations/catalogue', until(signal)));
  const entry = <T extends { type: string; options: unknown }>({ type, options, ...rest }: T) => ({
    key: type,
    options: options as ServerOption[],
    ...rest,
  });
  return {
    triggers: triggers.map(entry),
    steps: steps.map((step) => ({ ...entry(step), shape: step.shape as StepShape })),
  };
}

export const listPageSize = 100;
export const listAutomations = (
  query: { search?: string; status?: string; label?: number; offset?: number },
  signal?: AbortSignal,
) =>
  sent(client.GET('/api/app/automations', { params: { query: { ...query, limit: listPageSize } }, ...until(signal) }));

export const listLabels = async (signal?: AbortSignal) =>
  (await sent(client.GET('/api/app/automation-labels', until(signal)))).items;
export const createLabel = (body: LabelInput) => sent(client.POST('/api/app/automation-labels', { body }));
export const changeLabel = (id: number, body: LabelInput) =>
  sent(client.PUT('/api/app/automation-labels/{id}', { params: of(id), body }));
export const deleteLabel = (id: number) => client.DELETE('/api/app/automation-labels/{id}', { params: of(id) });
export const assignLabels = (automations: readonly number[], add: readonly number[], remove: readonly number[]) =>
  sent(
    client.POST('/api/app/automations/labels', {
      body: { automation_ids: [...automations], add: [...add], remove: [...remove] },
    }),
  );

export const loadMap = (signal?: AbortSignal) => sent(client.GET('/api/app/automations/map', until(signal)));

export const createAutomation = (body: { name: string; description?: string }) =>
  sent(client.POST('/api/app/automations', { body }));
export const duplicateAutomation = (id: number) =>
  sent(client.POST('/api/app/automations/{id}/duplicate', { params: of(id) }));
export const deleteAutomation = (id: number) => client.DELETE('/api/app/automations/{id}', { params: of(id) });

export const loadAutomation = async (id: string, signal?: AbortSignal) => {
  const found = (await sent(
    client.GET('/api/app/automations/{id}', { params: of(id), ...until(signal) }),
  )) as Automation;
  return { ...found, document: completeDocument(found.document) };
};

export type Draft = { name: string; description: string; document: AutomationDocument };

/** Answers with the new revision, and whether the draft differs from what is published. @throws Problem 412 when someone else saved in between. */
export const saveDraft = (id: string, draft: Draft, revision: number) =>
  sent(
    client.PUT('/api/app/automations/{id}', {
      params: { ...of(id), header: { 'If-Match': `"${revision}"` } },
      body: draft,
    }),
  );

export const checkDocument = (id: string, document: AutomationDocument, signal?: AbortSignal) =>
  sent(client.POST('/api/app/automations/{id}/check', { params: of(id), body: { document }, ...until(signal) }));

export const previewPublish = (id: string) =>
  sent(client.GET('/api/app/automations/{id}/publish-preview', { params: of(id) }));
export const publish = (id: string, note: string) =>
  sent(client.POST('/api/app/automations/{id}/publish', { params: of(id), body: { note } }));
export const activate = (id: string | number) => client.POST('/api/app/automations/{id}/activate', { params: of(id) });
export const deactivate = (id: string | number) =>
  client.POST('/api/app/automations/{id}/deactivate', { params: of(id) });

export async function loadCounts(id: string): Promise<Counts> {
  const { steps, ...whole } = await sent(client.GET('/api/app/automations/{id}/numbers', { params: of(id) }));
  return { ...whole, steps: Object.fromEntries(steps.map((s) => [s.step_id, s])) };
}

/** Newest first; `before` a number: the next page. */
export const listVersions = (id: string, before?: number) =>
  sent(
    client.GET('/api/app/automations/{id}/versions', {
      params: { ...of(id), query: before === undefined ? {} : { before } },
    }),
  );
export const versionsPageSize = 100;
export const loadVersion = async (id: string, number: number) => {
  const found = await sent(
    client.GET('/api/app/automations/{id}/versions/{number}', { params: { path: { id: Number(id), number } } }),
  );
  return { ...found, document: completeDocument(found.document as AutomationDocument) };
};

export type PeopleQuery = { step?: string; status?: components['schemas']['RunStatus']; after?: number };
export const listPeople = (id: string, query: PeopleQuery) =>
  sent(client.GET('/api/app/automations/{id}/people', { params: { ...of(id), query } }));
export const loadRun = (run: string) =>
  sent(client.GET('/api/app/runs/{runId}', { params: { path: { runId: Number(run) } } }));
export type RunCommand = 'skip-wait' | 'end' | 'retry';
export const commandRun = (run: number, command: RunCommand) =>
  client.POST(`/api/app/runs/{runId}/${command}`, { params: { path: { runId: run } } });
export const retryAll = (id: string) => sent(client.POST('/api/app/automations/{id}/retry', { params: of(id) }));
export const endRuns = (id: string, step: string | null) =>
  sent(client.POST('/api/app/automations/{id}/end-runs', { params: of(id), body: { step } }));
/** `entered` is 0 when the entry rule refused the contact. */
export const addContact = (id: string, contact: string) =>
  sent(client.POST('/api/app/automations/{id}/contacts', { params: of(id), body: { contact_ids: [Number(contact)] } }));

/** Steps as the clipboard holds them: with names. */
export const stepsWithNames = async (steps: readonly Step[]) =>
  (await sent(client.POST('/api/app/automations/fragments/names', { body: { steps } }))).steps as Step[];
/** Steps of a clipboard as drafts hold them, and what they name that is not here. @throws Problem 422 for what is no step. */
export const stepsWithIds = async (steps: readonly unknown[]) => {
  const { steps: read, missing } = await sent(client.POST('/api/app/automations/fragments/ids', { body: { steps } }));
  return { steps: read as Step[], missing };
};

export const exportAutomation = async (id: string | number) =>
  (await sent(client.GET('/api/app/automations/{id}/export', { params: of(id) }))) as Record<string, unknown>;
/** The text goes as it is: YAML is read by the server. */
const asDocument = (content: string, yaml: boolean) => ({
  body: content,
  bodySerializer: (text: unknown) => String(text),
  headers: { 'Content-Type': yaml ? 'application/yaml' : 'application/json' },
});
export const previewImport = (content: string, yaml: boolean) =>
  sent(client.POST('/api/app/automations/import/preview', asDocument(content, yaml)));
export const importAutomation = (content: string, yaml: boolean) =>
  sent(client.POST('/api/app/automations/import', asDocument(content, yaml)));
