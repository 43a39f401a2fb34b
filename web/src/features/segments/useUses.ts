import { useQuery } from '@tanstack/react-query';
import { readUses, segmentsKey } from './segments';

export const useUses = (id: number) =>
  useQuery({ queryKey: [...segmentsKey, 'uses', id], queryFn: ({ signal }) => readUses(id, signal), staleTime: 0 });
