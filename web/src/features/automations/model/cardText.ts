import { leavesOf, type ConditionNode } from '@/ui/conditions/tree';
import type { CatalogueIndex } from './catalogue';
import type { Step, Trigger } from './document';
import { conditionText, durationText, optionsText, type SummaryContext } from './summary';

export type CardText = {
  title: string;
  detail: string;
  /** The title is a sentence and may take two lines. */ long?: boolean;
};

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What a card says: a decision and a goal by what they ask, everything else by its kind and its options. */
export function cardText(step: Step, index: CatalogueIndex, context: SummaryContext): CardText {
  const description = index.step(step.type);
  // A step that names another changes with it; of all others the object is the text, and hundreds are asked for at every key.
  if (description === undefined || description.options.some((o) => o.type === 'step') || asksOfStep(step))
    return tell(step, index, context);
  const known = told.get(context) ?? new WeakMap<Step, CardText>();
  told.set(context, known);
  const before = known.get(step);
  if (before) return before;
  const text = tell(step, index, context);
  known.set(step, text);
  return text;
}

const told = new WeakMap<SummaryContext, WeakMap<Step, CardText>>();

/** Whether its conditions name a step. */
const asksOfStep = ({ conditions }: Step): boolean =>
  typeof conditions === 'object' &&
  conditions !== null &&
  leavesOf(conditions as ConditionNode).some((l) => 'step' in l);

/** Options that tell people which step it is. */
const naming = ['name', 'subject', 'title'];

/** What conditions call the step: its own text, such as the subject of a mail, else what it does. */
export const stepTitle = (step: Step, index: CatalogueIndex): string =>
  naming.map((key) => text(step[key]).trim()).find((value) => value !== '') ??
  index.step(step.type)?.title ??
  step.type;

function tell(step: Step, index: CatalogueIndex, context: SummaryContext): CardText {
  const { t } = context;
  const description = index.step(step.type);
  if (description === undefined) return { title: step.type, detail: t('unknown_step', { ns: 'automations' }) };
  const detail = optionsText(description.options, withImplied(step, context), context);
  if (description.shape === 'goal') {
    const rest = conditionText(step['conditions'], context);
    const name = text(step['name']);
    return name === '' ? { title: description.title, detail } : { title: name, detail: rest };
  }
  if (description.shape === 'condition') {
    const rule = conditionText(step['conditions'], context);
    return rule === '' ? { title: description.title, detail } : { title: rule, detail: '', long: true };
  }
  if (description.shape === 'wait' && text(step['duration']) !== '')
    return {
      title: t('wait_for', { ns: 'automations', duration: durationText(text(step['duration']), t) }),
      detail: '',
    };
  return { title: description.title, detail };
}

/** What is meant where nothing is chosen, and a number alone would not tell: a date is moved by days. */
function withImplied(step: Step, { conditions }: SummaryContext): Step {
  if (step.type !== 'math.compute' || text(step['unit']) !== '') return step;
  const field = conditions.conditions.find((c) => c.key === `field:${String(step['field'])}`);
  return field?.value?.type.startsWith('date') ? { ...step, unit: 'days' } : step;
}

export function triggerText(trigger: Trigger, index: CatalogueIndex, context: SummaryContext): CardText {
  const { t } = context;
  const description = index.trigger(trigger.type);
  if (description === undefined) return { title: trigger.type, detail: t('unknown_step', { ns: 'automations' }) };
  const runs = t(trigger['runs'] === 'multiple' ? 'runs.multiple_short' : 'runs.once_short', { ns: 'automations' });
  const where = conditionText(trigger['where'], context);
  return {
    title: description.title,
    detail: [optionsText(description.options, trigger, context), where, runs].filter((x) => x !== '').join(' · '),
  };
}

/** "Yes", "No", or the branch's own name. */
export const branchText = (branch: string, t: SummaryContext['t']) =>
  t(`branch.${branch}`, { ns: 'automations', defaultValue: branch.replaceAll('_', ' ').toUpperCase() });
