import { triggerText, cardText } from './cardText';
import type { CatalogueIndex, ServerOption } from './catalogue';
import type { Change } from './diff';
import type { Step, Trigger } from './document';
import { sameJson } from './diff';
import { conditionText, valueText, type SummaryContext } from './summary';

/** One option, old and new in words; without words it is too large a thing to say. */
export type Detail = { key: string; label: string; before: string; after: string; large: boolean };

const ns = { ns: 'builder' };
/** Things whose content cannot be said in a line. */
const large = new Set(['html', 'email_design', 'json', 'map', 'group', 'code', 'many']);
const longest = 300;

function sayValue(option: ServerOption | undefined, key: string, value: unknown, context: SummaryContext): string {
  const { t } = context;
  if (value === undefined || value === null || value === '') return t('diff.nothing', ns);
  if (typeof value === 'boolean') return t(value ? 'diff.on' : 'diff.off', ns);
  if (key === 'where' || option?.type === 'condition')
    return conditionText(value, context) || t('diff.no_conditions', ns);
  if (option?.type === 'sender' && typeof value === 'object')
    return ['name', 'address']
      .map((k) => String((value as Record<string, unknown>)[k] ?? ''))
      .join(' ')
      .trim();
  const own = option === undefined ? '' : valueText(option, value, context);
  const said = own !== '' ? own : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
  return said.length > longest ? `${said.slice(0, longest)}…` : said;
}

/** Labels of what the frame of a trigger or step holds beside its options. */
function frameLabel(key: string, { t }: SummaryContext): string | undefined {
  if (key === 'type') return t('diff.type', ns);
  if (key === 'runs') return t('runs.label', { ns: 'automations' });
  return key === 'where' ? t('where.label', { ns: 'automations' }) : undefined;
}

const settingLabels: Record<string, string> = {
  entry: 'entry',
  unsubscribe_lists: 'lists',
  exit_on_unsubscribe: 'exit',
  exit_when: 'exit_when',
};

const settingTypes: Record<string, string> = {
  entry: 'choice',
  unsubscribe_lists: 'reference',
  exit_when: 'condition',
};

/** The option that a setting of the whole automation would be. */
const settingOption = (key: string, context: SummaryContext): ServerOption => ({
  key,
  label: context.t(`settings.${settingLabels[key] ?? key}`, { ns: 'automations' }),
  type: settingTypes[key] ?? 'switch',
  ...(key === 'unsubscribe_lists' ? { source: 'list' } : {}),
  ...(key === 'entry'
    ? {
        choices: ['any', 'once', 'after_exit'].map((value) => ({
          value,
          label: context.t(`settings.entry_${value}`, { ns: 'automations' }),
        })),
      }
    : {}),
});

function optionsOf(change: Change, index: CatalogueIndex, context: SummaryContext): readonly ServerOption[] {
  if (change.what === 'setting') return [settingOption(change.id, context)];
  const type = String((change.after ?? change.before)?.['type'] ?? '');
  return (change.what === 'trigger' ? index.trigger(type) : index.step(type))?.options ?? [];
}

/** What is different in a changed thing, old and new, in the order of its form. */
export function detailsOf(change: Change, index: CatalogueIndex, context: SummaryContext): Detail[] {
  if (change.kind !== 'changed') return [];
  const options = optionsOf(change, index, context);
  const { before = {}, after = {} } = change;
  const keys = new Set([...options.map((o) => o.key), ...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => key !== 'id' && !sameJson(before[key], after[key]))
    .map((key) => {
      const option = options.find((o) => o.key === key);
      const say = (value: unknown) =>
        key === 'type'
          ? (index.step(String(value))?.title ?? index.trigger(String(value))?.title ?? String(value))
          : key === 'runs'
            ? context.t(value === 'multiple' ? 'runs.multiple' : 'runs.once', { ns: 'automations' })
            : sayValue(option, key, value, context);
      return {
        key,
        label: option?.label ?? frameLabel(key, context) ?? key,
        before: say(before[key]),
        after: say(after[key]),
        large: option !== undefined && large.has(option.type),
      };
    });
}

/** What the change is about: the step's or trigger's card in one line. */
export function nameOfChange(change: Change, index: CatalogueIndex, context: SummaryContext): string {
  if (change.what === 'setting') return settingOption(change.id, context).label;
  const thing = { ...(change.after ?? change.before), id: change.id } as Step & Trigger;
  const { title, detail } =
    change.what === 'trigger' ? triggerText(thing, index, context) : cardText(thing, index, context);
  return detail === '' ? title : `${title}: ${detail}`;
}

/** "2 added, 1 removed", the kinds that are there. */
export function countsText(counts: Readonly<Record<string, number>>, t: SummaryContext['t']): string {
  return ['added', 'removed', 'changed', 'moved']
    .filter((kind) => (counts[kind] ?? 0) > 0)
    .map((kind) => t(`diff.count_${kind}`, { ...ns, count: counts[kind] ?? 0 }))
    .join(', ');
}
