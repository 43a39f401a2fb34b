import { api } from '@/api/client';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Campaign = Schemas['CampaignView'];
export type CampaignItem = Schemas['CampaignsCampaignItem'];
export type CampaignInput = Schemas['CampaignInput'];
export type Variant = Schemas['VariantView'];
export type AudienceCount = Schemas['AudienceCount'];

export const listKey = ['get', '/api/app/campaigns'];
export const letterOf = (no: number) => String.fromCharCode(64 + no);

/** What of a campaign people set; the rest of it is the server's. */
export const inputOf = (c: Campaign): CampaignInput => ({
  name: c.name,
  list_ids: c.list_ids,
  segment_id: c.segment_id,
  exclude_list_ids: c.exclude_list_ids,
  exclude_segment_id: c.exclude_segment_id,
  track_opens: c.track_opens,
  track_clicks: c.track_clicks,
  track_replies: c.track_replies,
  utm: c.utm,
  is_archived: c.is_archived,
  address_id: c.address_id,
  schedule_local: c.schedule_local,
  schedule_zone: c.schedule_zone,
  is_predictive: c.is_predictive,
  split: c.split,
  recurrence: c.recurrence,
});

export const recurs = (c: { type: Campaign['type'] }) =>
  c.type === 'responder' || c.type === 'date' || c.type === 'rss';

export const useCampaign = (id: number) => api.useQuery('get', '/api/app/campaigns/{id}', { params: { path: { id } } });

/** Names of lists by their number. */
export function useListNames() {
  const lists = api.useQuery('get', '/api/app/lists', {});
  return new Map((lists.data?.items ?? []).map((l) => [l.id, l.name]));
}
