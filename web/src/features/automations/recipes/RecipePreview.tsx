import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { BackLink } from '../builder/BackLink';
import frame from '../builder/builder.module.css';
import { Live, useBuilder } from '../builder/context';
import { useCommands } from '../builder/useCommands';
import { LazyCanvas } from '../canvas/LazyCanvas';
import { cardText, stepTitle } from '../model/cardText';
import { findStep } from '../model/document';
import type { SummaryContext } from '../model/summary';
import { RecipeMark } from './RecipeMark';
import { RecipeForm } from './RecipeForm';
import type { RecipeDetail } from './recipes';
import classes from './recipes.module.css';

const nothing = () => {};

/** The recipe on the canvas, to look at, and beside it what it asks for. */
export function RecipePreview({ detail }: { detail: RecipeDetail }) {
  const { t } = useTranslation(['automations', 'conditions', 'forms']);
  const { index, conditions } = useBuilder();
  const commands = useCommands(nothing);
  const { document, recipe } = detail;
  const live = useMemo(() => {
    const summary: SummaryContext = {
      t,
      conditions,
      // In a recipe things stand by their names.
      nameOf: (_, name) => name,
      stepName: (id) => {
        const step = findStep(document, id, index.branchesOf)?.step;
        return step === undefined ? undefined : cardText(step, index, summary).title;
      },
      stepTitle: (id) => {
        const step = findStep(document, id, index.branchesOf)?.step;
        return step === undefined ? undefined : stepTitle(step, index);
      },
    };
    return { problems: [], counts: null, summary };
  }, [t, conditions, document, index]);
  return (
    <Live value={live}>
      <title>{`${recipe.name} - ${t('title')} - Millrace`}</title>
      <div className={classes.frame}>
        <header className={frame.bar}>
          <BackLink to="/automations/new" label={t('recipes.back')} />
          <RecipeMark category={recipe.category} />
          <h1 style={{ fontSize: 17 }}>{recipe.name}</h1>
        </header>
        <div className={classes.body}>
          <div className={classes.stage}>
            <LazyCanvas document={document} commands={commands} readOnly onPeople={nothing} onFind={nothing} />
          </div>
          <RecipeForm detail={detail} />
        </div>
      </div>
    </Live>
  );
}
