import { ErrorState } from '@/ui/ErrorState';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { BuilderSkeleton } from '../builder/BuilderSkeleton';
import { useCatalogues } from '../builder/useCatalogues';
import { WithDocument } from '../builder/WithDocument';
import { RecipePreview } from './RecipePreview';
import { loadRecipe } from './recipes';

/** `/automations/recipes/:recipe`: what a recipe looks like, and what is needed to begin with it. */
export function RecipePage() {
  const { recipe: key } = useParams({ from: '/full/automations/recipes/$recipe' });
  const { catalogue, conditions } = useCatalogues();
  const recipe = useQuery({
    queryKey: ['automations', 'recipes', key],
    queryFn: ({ signal }) => loadRecipe(key, signal),
  });
  const error = catalogue.error ?? conditions.error ?? recipe.error;
  if (error) return <ErrorState error={error} onRetry={() => void recipe.refetch()} />;
  if (!catalogue.data || !conditions.data || !recipe.data) return <BuilderSkeleton />;
  const { document, recipe: about } = recipe.data;
  return (
    <WithDocument
      key={key}
      id={key}
      document={document}
      name={about.name}
      description={about.summary}
      catalogue={catalogue.data}
      conditions={conditions.data}
    >
      <RecipePreview detail={recipe.data} />
    </WithDocument>
  );
}
