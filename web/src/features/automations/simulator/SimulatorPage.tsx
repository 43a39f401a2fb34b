import { ErrorState } from '@/ui/ErrorState';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ConditionCatalogue } from '@/ui/conditions/tree';
import { loadAutomation } from '../api/automations';
import type { Automation } from '../api/types';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { Builder } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { useCatalogues } from '../builder/useCatalogues';
import { indexCatalogue, type AutomationCatalogue } from '../model/catalogue';
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
  return <Opened key={id} automation={automation.data} catalogue={catalogue.data} conditions={conditions.data} />;
}

type Props = { automation: Automation; catalogue: AutomationCatalogue; conditions: ConditionCatalogue };

function Opened({ automation, catalogue, conditions }: Props) {
  const [store] = useState(() =>
    createBuilderStore(automation.document, { name: automation.name, description: automation.description }),
  );
  const context = useMemo(
    () => ({ automationId: String(automation.id), store, conditions, index: indexCatalogue(catalogue) }),
    [automation.id, store, conditions, catalogue],
  );
  return (
    <Builder value={context}>
      <SchemaFormContext value={accountForms}>
        <Simulator automation={automation} />
      </SchemaFormContext>
    </Builder>
  );
}
