import { ErrorState } from '@/ui/ErrorState';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { Builder, type BuilderContext } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { useCatalogues } from '../builder/useCatalogues';
import { indexCatalogue } from '../model/catalogue';
import { RecipePreview } from './RecipePreview';
import { loadRecipe, type RecipeDetail } from './recipes';

/** `/automations/recipes/:recipe`: what a recipe looks like, and what is needed to begin with it. */
export function RecipePage() {
  const { recipe: key } = useParams({ from: '/full/automations/recipes/$recipe' });
  const { catalogue, conditions } = useCatalogues();
  const recipe = useQuery({
    queryKey: ['automations', 'recipes', key],
    queryFn: ({ signal }) => loadRecipe(key, signal),
  });
  const index = useMemo(() => (catalogue.data ? indexCatalogue(catalogue.data) : null), [catalogue.data]);
  const error = catalogue.error ?? conditions.error ?? recipe.error;
  if (error) return <ErrorState error={error} onRetry={() => void recipe.refetch()} />;
  if (!index || !conditions.data || !recipe.data) return <BuilderSkeleton />;
  return (
    <WithDocument key={key} detail={recipe.data} index={index} conditions={conditions.data}>
      <RecipePreview detail={recipe.data} />
    </WithDocument>
  );
}

type Props = Pick<BuilderContext, 'index' | 'conditions'> & { detail: RecipeDetail; children: ReactNode };

/** The canvas lives in a builder; here nothing in it can be changed. */
function WithDocument({ detail, index, conditions, children }: Props) {
  const [store] = useState(() =>
    createBuilderStore(detail.document, { name: detail.recipe.name, description: detail.recipe.summary }),
  );
  const context = useMemo(
    () => ({ automationId: detail.recipe.key, store, conditions, index }),
    [detail.recipe.key, store, conditions, index],
  );
  return <Builder value={context}>{children}</Builder>;
}
