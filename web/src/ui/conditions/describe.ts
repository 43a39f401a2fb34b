import type { TFunction } from 'i18next';
import { parseDuration } from '../schemaForm/duration';
import type { OptionDescription } from '../schemaForm/types';
import { filterOf, usedFilters } from './filters';
import {
  asGroup,
  bareOps,
  descriptionOf,
  durationOps,
  keyOf,
  recordTitle,
  timesOf,
  type ConditionCatalogue,
  type ConditionNode,
  type Group,
} from './tree';

type Context = {
  /** With the texts of `conditions` and `forms` loaded. */
  t: TFunction;
  catalogue: ConditionCatalogue;
  /** Name of a thing of a source; of the source `step`, of a step of the automation in which the condition stands. */
  label?: ((source: string, value: string) => string | undefined) | undefined;
};

const duration = (value: unknown, t: TFunction) =>
  parseDuration(String(value))
    .map((p) => `${p.count} ${t(`units.${p.unit}`, { ns: 'forms' })}`)
    .join(' ');

const own = (t: TFunction) => ((key: string, values?: object) => t(key, { ns: 'conditions', ...values })) as TFunction;

function valueText(leaf: ConditionNode, { t, catalogue, label }: Context): string {
  const op = String(leaf['op']);
  const value = leaf['value'];
  if (bareOps.has(op) || (op === 'anniversary' && !value)) return '';
  if (value === undefined || value === null || value === '') return '…';
  if (durationOps.has(op)) return duration(value, t);
  const about = descriptionOf(leaf, catalogue)?.value;
  const one = (v: unknown) => {
    const text = String(v);
    const found =
      about?.choices?.find((c) => c.value === text)?.label ?? (about?.source ? label?.(about.source, text) : undefined);
    return `“${found ?? text}”`;
  };
  if (!Array.isArray(value)) return one(value);
  return value.map(one).join(op === 'between' ? ` ${t('and')} ` : ', ');
}

/** What an activity must have been like: `step is “Welcome”`. */
function filterText(option: OptionDescription, leaf: ConditionNode, { t, label }: Context): string {
  const { op, value } = filterOf(leaf[option.key]);
  // A step of another automation is not known here by its name.
  const source = option.type !== 'step' ? option.source : leaf['automation'] === undefined ? 'step' : undefined;
  const one = (v: unknown) =>
    typeof v === 'boolean'
      ? t(v ? 'yes' : 'no')
      : `“${(source ? label?.(source, String(v)) : undefined) ?? option.choices?.find((c) => c.value === String(v))?.label ?? String(v)}”`;
  const said = Array.isArray(value) ? value.map(one).join(` ${t('or')} `) : one(value);
  return `${option.label.toLowerCase()} ${t(`op.${op}`, { defaultValue: op })} ${said}`;
}

function filtersText(leaf: ConditionNode, context: Context): string {
  const options = descriptionOf(leaf, context.catalogue)?.options ?? [];
  const used = usedFilters(options, leaf);
  return options
    .filter((o) => used.includes(o.key))
    .map((o) => filterText(o, leaf, context))
    .join(', ');
}

function leafText(leaf: ConditionNode, context: Context): string {
  const { t, catalogue } = context;
  const title = descriptionOf(leaf, catalogue)?.title ?? keyOf(leaf);
  if (!('activity' in leaf)) {
    const op = String(leaf['op']);
    const word = descriptionOf(leaf, catalogue)?.op_labels?.[op] ?? t(`op.${op}`, { defaultValue: op });
    return [title, word, valueText(leaf, context)].filter(Boolean).join(' ');
  }
  const [often, times] = timesOf(leaf);
  const filters = filtersText(leaf, context);
  const what = filters === '' ? title : `${title} (${filters})`;
  const parts = [leaf['never'] === true ? t('never', { title: what }) : what];
  if (often !== 'at_least') parts.push(t(often, { count: times }));
  else if (times > 1) parts.push(t('times', { count: times }));
  if (leaf['within'] !== undefined) parts.push(t('within', { duration: duration(leaf['within'], t) }));
  if (Array.isArray(leaf['between'])) parts.push(t('between', { from: leaf['between'][0], to: leaf['between'][1] }));
  return parts.join(' ');
}

function sameText(group: Group, kind: string, joined: string, { t, catalogue }: Context): string {
  const what = recordTitle(kind, catalogue);
  const [often, times] = timesOf(group);
  const said = joined === '' ? t('same_any', { what }) : t('same_text', { what, text: joined });
  return often === 'at_least' && times === 1
    ? said
    : `${said} ${t(often === 'at_least' ? 'times' : often, { count: times })}`;
}

/** The rule in words; also the name of a condition in chips, steps and logs. */
export const describeConditions = (node: ConditionNode, context: Context): string =>
  text(node, { ...context, t: own(context.t) });

function text(node: ConditionNode, context: Context): string {
  const group = asGroup(node);
  if (group === null) return leafText(node, context);
  if (group.children.length === 0 && group.same === undefined) return context.t('everyone');
  const joined = group.children
    .map((child) => {
      const said = text(child, context);
      const inner = asGroup(child);
      return inner !== null && !inner.negated && inner.children.length > 1 ? `(${said})` : said;
    })
    .join(` ${context.t(group.mode === 'all' ? 'and' : 'or')} `);
  const same = group.same === undefined ? joined : sameText(group, group.same, joined, context);
  return group.negated ? context.t('not_text', { text: same }) : same;
}
