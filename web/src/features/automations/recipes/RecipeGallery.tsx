import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SearchInput } from '@/ui/filters';
import { Chip, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecipeCard } from './RecipeCard';
import { listRecipes, searchRecipes } from './recipes';
import classes from './recipes.module.css';

/** All recipes as cards, by category and by words. */
export function RecipeGallery() {
  const { t } = useTranslation('automations');
  const [query, setQuery] = useState('');
  const [category, setCategory] = useState<string | null>(null);
  const recipes = useQuery({
    queryKey: ['automations', 'recipes'],
    queryFn: ({ signal }) => listRecipes(signal),
    staleTime: Infinity,
  });
  const all = recipes.data ?? [];
  const categories = [...new Set(all.map((r) => r.category))].toSorted();
  const found = searchRecipes(all, query, category);
  return (
    <Stack gap="md" component="section" aria-labelledby="recipes">
      <div>
        <Title order={2} id="recipes" size="h4">
          {t('recipes.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('recipes.text')}
        </Text>
      </div>
      <Group gap="xs">
        <SearchInput label={t('recipes.search')} value={query} onChange={setQuery} />
        <Chip.Group value={category ?? ''} onChange={(value) => setCategory(value === '' ? null : String(value))}>
          <Chip value="" variant="light" size="xs">
            {t('recipes.all')}
          </Chip>
          {categories.map((name) => (
            <Chip key={name} value={name} variant="light" size="xs">
              {name}
            </Chip>
          ))}
        </Chip.Group>
      </Group>
      {recipes.error ? <ErrorState error={recipes.error} onRetry={() => void recipes.refetch()} /> : null}
      {recipes.isSuccess && found.length === 0 ? (
        <EmptyState icon={IconSearchOff} title={t('recipes.none')} text={t('recipes.none_text')} />
      ) : null}
      <div className={classes.grid} aria-busy={recipes.isPending}>
        {recipes.isPending
          ? Array.from({ length: 6 }, (_, i) => <Skeleton key={i} height={190} radius="md" />)
          : found.map((recipe) => <RecipeCard key={recipe.key} recipe={recipe} />)}
      </div>
    </Stack>
  );
}
