import { client } from '@/api/client';
import { useQuery } from '@tanstack/react-query';
import type { ConditionCatalogue } from './tree';

/** Everything that can be asked about a contact of this account. */
export const useConditionCatalogue = () =>
  useQuery({
    queryKey: ['conditions'],
    queryFn: async ({ signal }) => {
      const { data } = await client.GET('/api/app/conditions', { signal });
      return data as unknown as ConditionCatalogue;
    },
    staleTime: 300_000,
  });
