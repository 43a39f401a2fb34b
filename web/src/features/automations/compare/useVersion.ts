import { useQuery } from '@tanstack/react-query';
import { loadVersion } from '../api/automations';

/** A published version never changes, so it is asked for once. Null: none is wanted. */
export const useVersion = (id: string, number: number | null) =>
  useQuery({
    queryKey: ['automations', id, 'version', number],
    queryFn: () => loadVersion(id, number ?? 0),
    enabled: number !== null,
    staleTime: Infinity,
  });
