import { client } from '@/api/client';
import type { components } from '@/api/schema';
import type { Counts } from '../api/types';

type Schemas = components['schemas'];
export type SimulationRequest = Partial<Schemas['SimulationRequest']>;
export type SimulationResult = Schemas['SimulationResult'];
export type SimulatedPerson = Schemas['SimulatedPerson'];
export type HypotheticalEvent = Schemas['HypotheticalEvent'];
export type Outcome = 'completed' | 'ended' | 'waiting' | 'stuck' | 'not_entered';
export const outcomes: readonly Outcome[] = ['completed', 'waiting', 'ended', 'stuck', 'not_entered'];

export const simulate = async (id: string, body: SimulationRequest, signal?: AbortSignal) =>
  (
    await client.POST('/api/app/automations/{id}/simulate', {
      params: { path: { id: Number(id) } },
      body: { keep_entry_rule: false, ...body },
      ...(signal ? { signal } : {}),
    })
  ).data as SimulationResult;

export const nameOf = (person: Pick<SimulatedPerson, 'name' | 'email' | 'contact_id'>) =>
  person.name !== '' ? person.name : (person.email ?? `#${person.contact_id}`);

/** The totals as the canvas shows the numbers of real people. */
export const countsOf = (result: SimulationResult): Counts => ({
  entered: result.people.length - result.totals.not_entered,
  completed: result.totals.completed,
  ended: result.totals.ended,
  inside: result.totals.waiting + result.totals.stuck,
  parked: result.totals.stuck,
  steps: Object.fromEntries(
    result.steps.map((s) => [
      s.step_id,
      {
        step_id: s.step_id,
        passed: s.arrived - s.here,
        here: s.here,
        waiting: s.here - s.stuck,
        parked: s.stuck,
        failed: 0,
        next_due: null,
        results: s.results,
      },
    ]),
  ),
});

/** Where a contact came along: its steps, and the ways between them. */
export const wayOf = ({ visits, step_id: at }: SimulatedPerson) => ({
  visited: new Set([...visits.map((v) => v.step_id), ...(at === null ? [] : [at])]),
  taken: new Set(visits.flatMap((v) => [v.step_id, `${v.step_id}/${v.result}`])),
});
