import { ErrorState } from '@/ui/ErrorState';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { loadAutomation } from '../api/automations';
import type { Automation } from '../api/types';
import { indexCatalogue, type AutomationCatalogue } from '../model/catalogue';
import type { ConditionCatalogue } from '@/ui/conditions/tree';
import { BuilderFrame } from './BuilderFrame';
import { BuilderSkeleton } from './BuilderSkeleton';
import { Builder } from './context';
import { formServices } from './formServices';
import { createBuilderStore } from './store';
import { useCatalogues } from './useCatalogues';
import { useTemplateTags } from './useTemplateTags';

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
  return <Opened key={id} automation={automation.data} catalogue={catalogue.data} conditions={conditions.data} />;
}

type Props = { automation: Automation; catalogue: AutomationCatalogue; conditions: ConditionCatalogue };

function Opened({ automation, catalogue, conditions }: Props) {
  const [store] = useState(() =>
    createBuilderStore(automation.document, { name: automation.name, description: automation.description }),
  );
  const tags = useTemplateTags();
  const services = useMemo(() => formServices(tags), [tags]);
  const context = useMemo(
    () => ({ automationId: String(automation.id), store, conditions, index: indexCatalogue(catalogue) }),
    [automation.id, store, conditions, catalogue],
  );
  return (
    <Builder value={context}>
      <SchemaFormContext value={services}>
        <BuilderFrame opened={automation} />
      </SchemaFormContext>
    </Builder>
  );
}
