import { client } from '@/api/client';
import type { components } from '@/api/schema';

export type WaitingReport = components['schemas']['WaitingReport'];
const of = (id: string) => ({ path: { id: Number(id) } });

export const loadWaiting = async (id: string, signal?: AbortSignal) =>
  (await client.GET('/api/app/automations/{id}/waiting', { params: of(id), ...(signal ? { signal } : {}) }))
    .data as WaitingReport;

/** Tries stuck runs again; without a group all of them. */
export const retryGroup = async (id: string, group: { step: string; error: string } | null) =>
  (await client.POST('/api/app/automations/{id}/retry', { params: of(id), ...(group ? { body: group } : {}) }))
    .data as components['schemas']['RunRetriedRuns'];
