import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { useQueryClient } from '@tanstack/react-query';

export type Profile = components['schemas']['ReadContactContactProfile'];
export type ProfileField = components['schemas']['ReadContactProfileField'];
export type ProfileList = components['schemas']['ReadContactProfileList'];
export type Note = components['schemas']['NoteView'];
export type Entry = components['schemas']['ContactTimelineTimelineEntry'];

const profileQuery = (id: number) => api.queryOptions('get', '/api/app/contacts/{id}', { params: { path: { id } } });

export const useProfile = (id: number) => api.useQuery('get', '/api/app/contacts/{id}', { params: { path: { id } } });

export const timelineKey = (id: number) => ['contact', id, 'timeline'] as const;

/** Ways to change what is known of a contact, at once or by asking the server again. */
export function useProfileCache(id: number) {
  const queryClient = useQueryClient();
  const { queryKey } = profileQuery(id);
  return {
    get: () => queryClient.getQueryData<Profile>(queryKey),
    /** What the server answered, or what it is about to. */
    set: (change: (now: Profile) => Profile) => {
      void queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData<Profile>(queryKey, (now) => (now === undefined ? now : change(now)));
    },
    refresh: () => queryClient.invalidateQueries({ queryKey }),
    /** After anything that leaves a trace in the stream. */
    refreshTimeline: () => queryClient.invalidateQueries({ queryKey: timelineKey(id) }),
  };
}
