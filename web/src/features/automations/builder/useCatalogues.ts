import { useQuery } from '@tanstack/react-query';
import { loadCatalogue, loadConditions } from '../api/automations';

/** What can be built with; changes with the server only. */
export function useCatalogues() {
  const catalogue = useQuery({
    queryKey: ['automations', 'catalogue'],
    queryFn: ({ signal }) => loadCatalogue(signal),
    staleTime: Infinity,
  });
  const conditions = useQuery({
    queryKey: ['conditions'],
    queryFn: ({ signal }) => loadConditions(signal),
    staleTime: 300_000,
  });
  return { catalogue, conditions };
}
