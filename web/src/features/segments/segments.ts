import { client } from '@/api/client';
import { queryClient } from '@/api/queryClient';
import type { components } from '@/api/schema';
import type { ConditionNode } from '@/ui/conditions/tree';

/** Every request of this feature in one place. What is no success is thrown as a Problem by the client. */

export type SegmentRow = components['schemas']['SegmentListItem'];
export type SegmentDetail = components['schemas']['SegmentDetail'];
export type Place = components['schemas']['SegmentPlace'];
export type LeafAnswer = components['schemas']['LeafAnswer'];

/** What a person edits. */
export type Draft = { name: string; description: string; tags: string[]; conditions: ConditionNode };

const sent = async <T>(request: Promise<{ data?: T }>): Promise<T> => (await request).data as T;
const of = (id: number) => ({ path: { id } });

export const segmentsKey = ['segments'] as const;
export const segmentKey = (id: number) => [...segmentsKey, 'one', id] as const;

export type SegmentQuery = { q?: string; tag?: string; sort?: string };
export const pageSize = 100;

export const listSegments = (query: SegmentQuery, offset: number, signal: AbortSignal) =>
  sent(client.GET('/api/app/segments', { params: { query: { ...query, limit: pageSize, offset } }, signal }));

export const readSegment = (id: number, signal?: AbortSignal) =>
  sent(client.GET('/api/app/segments/{id}', { params: of(id), ...(signal ? { signal } : {}) }));

export const createSegment = (draft: Draft) =>
  sent(client.POST('/api/app/segments', { body: { ...draft, conditions: draft.conditions as never } }));

/** @throws Problem 412 when someone else saved in between. */
export const changeSegment = (id: number, version: number, draft: Draft) =>
  sent(
    client.PUT('/api/app/segments/{id}', {
      params: { ...of(id), header: { 'If-Match': `"${version}"` } },
      body: { ...draft, conditions: draft.conditions as never },
    }),
  );

export const duplicateSegment = (id: number) =>
  sent(client.POST('/api/app/segments/{id}/duplicate', { params: of(id) }));

export const deleteSegment = (id: number, force: boolean) =>
  client.DELETE('/api/app/segments/{id}', { params: { ...of(id), query: { force } } });

export const readUses = async (id: number, signal?: AbortSignal) =>
  (await sent(client.GET('/api/app/segments/{id}/uses', { params: of(id), ...(signal ? { signal } : {}) }))).places;

export const countSegment = (id: number, signal?: AbortSignal) =>
  sent(client.POST('/api/app/segments/{id}/count', { params: of(id), ...(signal ? { signal } : {}) }));

/** Asked of the tree as it stands in the editor, saved or not. */
export const explain = (conditions: ConditionNode, contactId: number, signal?: AbortSignal) =>
  sent(
    client.POST('/api/app/conditions/explain', {
      body: { conditions: conditions as never, contact_id: contactId },
      ...(signal ? { signal } : {}),
    }),
  );

export const readReach = (conditions: ConditionNode, signal: AbortSignal) =>
  sent(client.POST('/api/app/segments/reach', { body: { conditions: conditions as never }, signal }));

export const compareWith = (conditions: ConditionNode, segmentId: number, signal: AbortSignal) =>
  sent(
    client.POST('/api/app/segments/compare', {
      body: { conditions: conditions as never, segment_id: segmentId },
      signal,
    }),
  );

/** Refuses what the server cannot read, with the place of each mistake. */
export const checkTree = (conditions: unknown) =>
  sent(
    client.POST('/api/app/segments/preview', {
      body: { conditions: conditions as never, segment_id: null, sample: 0 },
    }),
  );

export const refreshSegments = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: segmentsKey }),
    queryClient.invalidateQueries({ queryKey: ['references', 'segment'] }),
  ]);
