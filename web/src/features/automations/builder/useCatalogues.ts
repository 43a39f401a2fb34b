import { useQuery } from '@tanstack/react-query';
import { useConditionCatalogue } from '@/ui/conditions/useConditionCatalogue';
import { loadCatalogue } from '../api/automations';

/** What can be built with; changes with the server only. */
export function useCatalogues() {
  const catalogue = useQuery({
    queryKey: ['automations', 'catalogue'],
    queryFn: ({ signal }) => loadCatalogue(signal),
    staleTime: Infinity,
  });
  const conditions = useConditionCatalogue();
  return { catalogue, conditions };
}
