import { ErrorState } from '@/ui/ErrorState';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { loadAutomation } from '../api/automations';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { useCatalogues } from '../builder/useCatalogues';
import { WithDocument } from '../builder/WithDocument';
import { Simulator } from './Simulator';

/** `/automations/:id/simulate`: the draft in virtual time, without any effect. */
export function SimulatorPage() {
  const { id } = useParams({ from: '/full/automations/$id/simulate' });
  const { catalogue, conditions } = useCatalogues();
  // The draft as it is when one comes; it does not change under a simulation.
  const automation = useQuery({
    queryKey: ['automations', id, 'simulated'],
    queryFn: ({ signal }) => loadAutomation(id, signal),
    gcTime: 0,
    staleTime: Infinity,
  });
  const error = catalogue.error ?? conditions.error ?? automation.error;
  if (error) return <ErrorState error={error} onRetry={() => void automation.refetch()} />;
  if (!catalogue.data || !conditions.data || !automation.data) return <BuilderSkeleton />;
  const { document, name, description } = automation.data;
  return (
    <WithDocument
      key={id}
      id={id}
      document={document}
      name={name}
      description={description}
      catalogue={catalogue.data}
      conditions={conditions.data}
    >
      <SchemaFormContext value={accountForms}>
        <Simulator automation={automation.data} />
      </SchemaFormContext>
    </WithDocument>
  );
}
