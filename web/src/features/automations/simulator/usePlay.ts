import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useBuilder, useBuilderState } from '../builder/context';
import { findStep } from '../model/document';
import { simulate, type HypotheticalEvent, type SimulatedPerson, type SimulationResult } from './simulate';

type Moment = { until: string; events: readonly HypotheticalEvent[] };
type Game = { contact: string; start: string; past: readonly Moment[]; now: Moment };

/** A second later: what happens comes after all that was there already, and before all that comes of it. */
export const afterwards = (moment: string) => new Date(Date.parse(moment) + 1000).toISOString();

/** One contact's game: each move asks the server for everything from the start again, so that undoing is just asking for less. */
export function usePlay() {
  const { automationId, index } = useBuilder();
  const document = useBuilderState((s) => s.document);
  const [game, setGame] = useState<Game | null>(null);
  const asked = useQuery<SimulationResult>({
    queryKey: ['automations', automationId, 'play', game?.contact, game?.start, game?.now],
    queryFn: ({ signal }) =>
      game === null
        ? Promise.reject(new Error('no contact'))
        : simulate(
            automationId,
            {
              contacts: [Number(game.contact)],
              starts_at: game.start,
              until: game.now.until,
              events: [...game.now.events],
            },
            signal,
          ),
    enabled: game !== null,
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const result: SimulationResult | null = game === null ? null : (asked.data ?? null);
  const person: SimulatedPerson | null = result?.people.find((p) => String(p.contact_id) === game?.contact) ?? null;
  const move = (now: Moment) => game && setGame({ ...game, past: [...game.past, game.now], now });
  const sent = person?.visits.filter(
    (v) => v.result === 'done' && findStep(document, v.step_id, index.branchesOf)?.step.type === 'email.send',
  );
  return {
    contact: game?.contact ?? null,
    until: game?.now.until ?? '',
    result,
    person,
    /** The mail it got last; null: none yet. */
    mail: sent?.at(-1)?.step_id ?? null,
    busy: asked.isFetching,
    error: asked.error,
    retry: () => void asked.refetch(),
    canUndo: (game?.past.length ?? 0) > 0,
    begin: (contact: string | null) => {
      const start = new Date().toISOString();
      setGame(contact === null ? null : { contact, start, past: [], now: { until: start, events: [] } });
    },
    advance: (until: string) => game && move({ ...game.now, until }),
    happen: (event: Omit<HypotheticalEvent, 'at' | 'contact'>) => {
      if (game === null) return;
      const at = afterwards(game.now.until);
      move({ until: at, events: [...game.now.events, { ...event, at }] });
    },
    undo: () => {
      const before = game?.past.at(-1);
      if (game && before) setGame({ ...game, past: game.past.slice(0, -1), now: before });
    },
  };
}

export type Play = ReturnType<typeof usePlay>;
