import type { ConditionCatalogue } from '@/ui/conditions/tree';
import { useMemo, useState, type ReactNode } from 'react';
import { indexCatalogue, type AutomationCatalogue } from '../model/catalogue';
import type { AutomationDocument } from '../model/document';
import { Builder } from './context';
import { createBuilderStore } from './store';

type Props = {
  id: string;
  document: AutomationDocument;
  name: string;
  description: string;
  catalogue: AutomationCatalogue;
  conditions: ConditionCatalogue;
  children: ReactNode;
};

/** What the canvas and the panels live in: a document, and the catalogues it is read by. Another document needs another `key`. */
export function WithDocument({ id, document, name, description, catalogue, conditions, children }: Props) {
  const [store] = useState(() => createBuilderStore(document, { name, description }));
  const context = useMemo(
    () => ({ automationId: id, store, conditions, index: indexCatalogue(catalogue) }),
    [id, store, conditions, catalogue],
  );
  return <Builder value={context}>{children}</Builder>;
}
