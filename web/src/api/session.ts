import { useSuspenseQuery } from '@tanstack/react-query';
import { api } from './client';
import type { components } from './schema';

export type Session = components['schemas']['SessionView'];

export const sessionQuery = api.queryOptions('get', '/api/app/session', {}, { staleTime: Infinity });

/** Who is signed in. Only under the shell, whose route loads it first. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data;

export const allows = (session: Session, permission: string | undefined) =>
  permission === undefined || session.permissions.includes('*') || session.permissions.includes(permission);
