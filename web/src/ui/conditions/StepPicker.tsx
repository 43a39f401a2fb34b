import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSchemaFormServices } from '../schemaForm/references';
import type { OptionDescription } from '../schemaForm/types';
import { filterOf } from './filters';
import type { ConditionNode } from './tree';

type Props = {
  option: OptionDescription;
  leaf: ConditionNode;
  value: unknown;
  onChange: (value: string | undefined) => void;
};

/** The automation whose step is meant: the one the row is about, or the one its filter names. */
export function automationOf(leaf: ConditionNode): string | undefined {
  const [family, id] = String(leaf['field'] ?? '').split(':');
  if (family === 'automation' && id) return id;
  const { op, value } = filterOf(leaf['automation']);
  const one = Array.isArray(value) ? (value.length === 1 ? (value[0] as unknown) : undefined) : value;
  return op !== 'is' || (typeof one !== 'number' && typeof one !== 'string') ? undefined : String(one);
}

/** A step by its name. In the builder of an automation its own steps are offered where no other automation is named. */
export function StepPicker({ option, leaf, value, onChange }: Props) {
  const { t } = useTranslation('conditions');
  const { steps } = useSchemaFormServices();
  const automation = automationOf(leaf);
  const asked = useQuery({
    queryKey: ['automations', automation, 'steps'],
    queryFn: ({ signal }) => (automation === undefined || !steps ? [] : steps(automation, signal)),
    enabled: automation !== undefined && steps !== undefined,
    staleTime: 30_000,
  });
  const goals = String(leaf['activity'] ?? '').startsWith('goal.');
  const known =
    automation === undefined ? (option.choices ?? []) : (asked.data ?? []).filter((s) => !goals || s.shape === 'goal');
  const chosen = typeof value === 'string' && value !== '' ? value : null;
  // What is chosen stays in sight, also a step that is gone.
  const gone = chosen !== null && !asked.isFetching && !known.some((s) => s.value === chosen);
  return (
    <Select
      size="xs"
      w={230}
      maw="100%"
      aria-label={option.label}
      placeholder={automation === undefined && known.length === 0 ? t('step_of_which') : t('any_step')}
      disabled={automation === undefined && known.length === 0 && chosen === null}
      clearable
      searchable
      nothingFoundMessage={t('no_step')}
      data={[
        ...known.map(({ value: v, label }) => ({ value: v, label })),
        ...(gone ? [{ value: chosen, label: t('step_gone', { key: chosen }) }] : []),
      ]}
      value={chosen}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
