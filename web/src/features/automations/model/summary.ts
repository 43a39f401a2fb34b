import { describeConditions } from '@/ui/conditions/describe';
import { filterOf } from '@/ui/conditions/filters';
import { descriptionOf, leavesOf, type ConditionCatalogue, type ConditionNode } from '@/ui/conditions/tree';
import { parseDuration } from '@/ui/schemaForm/duration';
import { isVisible } from '@/ui/schemaForm/types';
import type { TFunction } from 'i18next';
import { formOptions, type ServerOption } from './catalogue';

export type SummaryContext = {
  t: TFunction;
  conditions: ConditionCatalogue;
  /** Name of a thing an option refers to, or that it is deleted; undefined while unknown. */
  nameOf: (source: string, id: string) => string | undefined;
  stepName: (id: string) => string | undefined;
  /** What a condition calls a step: by what it does and its own text, never by its conditions, which may name steps in their turn. */
  stepTitle: (id: string) => string | undefined;
};

/** Names for conditions: of things, and of this automation's steps. */
export const conditionNames =
  ({ nameOf, stepTitle }: Pick<SummaryContext, 'nameOf' | 'stepTitle'>) =>
  (source: string, id: string) =>
    source === 'step' ? stepTitle(id) : nameOf(source, id);

export const durationText = (value: string, t: TFunction) =>
  parseDuration(value)
    .map((p) => `${p.count} ${t(`units.${p.count === 1 ? `${p.unit}_one` : p.unit}`, { ns: 'automations' })}`)
    .join(' ');

const isTree = (value: unknown): value is ConditionNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const conditionText = (value: unknown, context: SummaryContext): string =>
  isTree(value) && Object.keys(value).length > 0
    ? describeConditions(value, { t: context.t, catalogue: context.conditions, label: conditionNames(context) })
    : '';

export function valueText(option: ServerOption, value: unknown, context: SummaryContext): string {
  if (value === undefined || value === null || value === '' || value === false) return '';
  if (option.type === 'condition') return conditionText(value, context);
  if (option.type === 'duration') return durationText(String(value), context.t);
  if (option.type === 'step') return context.stepName(String(value)) ?? '';
  if (option.type === 'reference') {
    const ids = Array.isArray(value) ? value : [value];
    return ids.map((id) => context.nameOf(option.source ?? '', String(id)) ?? '…').join(', ');
  }
  if (option.type === 'numbers') return Array.isArray(value) ? value.join(' / ') : '';
  if (option.choices) return option.choices.find((c) => c.value === value)?.label ?? '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Too long or too small a thing for a card. */
const unsaid = new Set([
  'json',
  'map',
  'group',
  'many',
  'code',
  'html',
  'email_design',
  'sender',
  'long_template',
  'switch',
]);

/** Options another one speaks for. */
const mentioned = (options: readonly ServerOption[]) =>
  new Set(options.flatMap((o) => [...(o.says ?? '').matchAll(/\{(\w+)\}/g)].map((m) => m[1])));

/** The first few things said by an object's options, for one line of a card. */
export function optionsText(
  options: readonly ServerOption[],
  values: Readonly<Record<string, unknown>>,
  context: SummaryContext,
): string {
  const plain = formOptions(options, []);
  const shown = options.filter((_, i) => plain[i] !== undefined && isVisible(plain[i], values, plain));
  const spokenFor = mentioned(options);
  const say = (option: ServerOption): string => {
    const own = valueText(option, values[option.key], context);
    if (own === '' || option.says === null || option.says === undefined) return own;
    const words = option.says.replace(/\{(\w*)\}/g, (_, key: string) => {
      if (key === '' || key === option.key) return own;
      const other = shown.find((o) => o.key === key);
      return other === undefined ? '' : say(other);
    });
    return inOneSentence(words);
  };
  return shown
    .filter((o) => !spokenFor.has(o.key) || o.says?.includes(`{${o.key}}`))
    .filter((o) => o.says !== '' && (o.says != null || !unsaid.has(o.type)))
    .map(say)
    .filter((text) => text !== '')
    .slice(0, 3)
    .join(' · ');
}

/** Labels put together: one space, a capital only at the beginning, and one of a thing is no plural. */
const inOneSentence = (words: string) =>
  words
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<=^\d+ \w+ |^\d+ )[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
    .replace(/\b1 (day|week|month|year|path)s\b/, '1 $1');

type Referring = { source?: string | null | undefined; value: unknown };

/** The places of a condition tree in which things are named. */
const referencesOf = (tree: ConditionNode, catalogue: ConditionCatalogue): Referring[] =>
  leavesOf(tree).flatMap((leaf) => {
    const about = descriptionOf(leaf, catalogue);
    return [
      { source: about?.value?.source, value: leaf['value'] },
      ...(about?.options ?? []).map((o) => ({ source: o.source, value: filterOf(leaf[o.key]).value })),
    ];
  });

/** Everything the document refers to, by source: what has to be looked up to name it. */
export function collectReferences(
  entries: readonly { options: readonly ServerOption[]; values: Readonly<Record<string, unknown>> }[],
  trees: readonly unknown[],
  catalogue: ConditionCatalogue,
): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const note = ({ source, value }: Referring) => {
    if (!source) return;
    for (const id of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof id === 'number' || (typeof id === 'string' && id !== ''))
        found.set(source, (found.get(source) ?? new Set()).add(String(id)));
  };
  const asked = [...trees];
  for (const { options, values } of entries)
    for (const option of options)
      if (option.type === 'reference') note({ source: option.source, value: values[option.key] });
      else if (option.type === 'condition') asked.push(values[option.key]);
  for (const tree of asked.filter(isTree)) referencesOf(tree, catalogue).forEach(note);
  return new Map([...found].map(([source, ids]) => [source, [...ids].toSorted()]));
}
