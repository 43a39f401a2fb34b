import { AppLink } from '@/ui/AppLink';
import { Badge, Text } from '@mantine/core';
import { IconBolt, IconListNumbers, IconLock, IconMail } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { RecipeMark } from './RecipeMark';
import type { Recipe } from './recipes';
import classes from './recipes.module.css';

/** What a recipe does, what sets it off and how long it is; the whole card leads to it. */
export function RecipeCard({ recipe }: { recipe: Recipe }) {
  const { t } = useTranslation('automations');
  const { key, name, category, summary, triggers, steps, mails, needs } = recipe;
  return (
    <article className={classes.card} data-locked={needs.length > 0 || undefined}>
      <header className={classes.cardHead}>
        <RecipeMark category={category} />
        <div className={classes.grow}>
          <h3 className={classes.cardName}>
            <AppLink to={`/automations/recipes/${key}`} className={classes.cover}>
              {name}
            </AppLink>
          </h3>
          <Text size="xs" c="dimmed">
            {category}
          </Text>
        </div>
      </header>
      <Text size="sm" className={classes.summary}>
        {summary}
      </Text>
      <footer className={classes.facts}>
        <span>
          <IconBolt size={14} aria-hidden /> {triggers.join(t('recipes.or'))}
        </span>
        <span>
          <IconListNumbers size={14} aria-hidden /> {t('recipes.steps', { count: steps })}
        </span>
        {mails > 0 ? (
          <span>
            <IconMail size={14} aria-hidden /> {t('recipes.mails', { count: mails })}
          </span>
        ) : null}
      </footer>
      {needs.length > 0 ? (
        <Badge
          variant="light"
          color="gray"
          tt="none"
          fw={500}
          leftSection={<IconLock size={12} aria-hidden />}
          className={classes.needs}
        >
          {t('recipes.needs', { modules: needs.map((n) => n.module).join(', ') })}
        </Badge>
      ) : null}
    </article>
  );
}
