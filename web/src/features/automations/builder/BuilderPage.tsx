import { ErrorState } from '@/ui/ErrorState';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { loadAutomation } from '../api/automations';
import type { Automation } from '../api/types';
import { BuilderFrame } from './BuilderFrame';
import { BuilderSkeleton } from './BuilderSkeleton';
import { formServices } from './formServices';
import { useCatalogues } from './useCatalogues';
import { useTemplateTags } from './useTemplateTags';
import { WithDocument } from './WithDocument';

/** `/automations/:id` */
export function BuilderPage() {
  const { id } = useParams({ from: '/full/automations/$id' });
  const { catalogue, conditions } = useCatalogues();
  // What is open is the store's; the server's is asked once per visit.
  const automation = useQuery({
    queryKey: ['automations', id, 'open'],
    queryFn: ({ signal }) => loadAutomation(id, signal),
    gcTime: 0,
    staleTime: Infinity,
  });
  const error = catalogue.error ?? conditions.error ?? automation.error;
  if (error) {
    const retry = () => void Promise.all([catalogue.refetch(), conditions.refetch(), automation.refetch()]);
    return <ErrorState error={error} onRetry={retry} />;
  }
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
      <Opened automation={automation.data} />
    </WithDocument>
  );
}

function Opened({ automation }: { automation: Automation }) {
  const tags = useTemplateTags();
  const services = useMemo(() => formServices(tags), [tags]);
  return (
    <SchemaFormContext value={services}>
      <BuilderFrame opened={automation} />
    </SchemaFormContext>
  );
}
