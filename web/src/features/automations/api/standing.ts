import { client } from '@/api/client';
import type { components } from '@/api/schema';

export type Standing = components['schemas']['StandingCount'];
export type Admission = components['schemas']['StandingAdmission'];

const of = (id: string) => ({ params: { path: { id: Number(id) } } });

export async function loadStanding(id: string): Promise<Standing> {
  const { data } = await client.GET('/api/app/automations/{id}/standing', of(id));
  if (data === undefined) throw new Error('No answer.');
  return data;
}

/** Begins to let in who matches the published triggers already. */
export const admitStanding = (id: string) => client.POST('/api/app/automations/{id}/standing', { ...of(id), body: {} });

export const loadAdmission = async (id: string): Promise<Admission | null> =>
  (await client.GET('/api/app/automations/{id}/standing/job', of(id))).data?.job ?? null;

export const cancelAdmission = (id: string) => client.POST('/api/app/automations/{id}/standing/cancel', of(id));
