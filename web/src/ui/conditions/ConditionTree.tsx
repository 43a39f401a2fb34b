import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConditionGroup } from './ConditionGroup';
import { describeConditions } from './describe';
import { fromGroup, rootGroup, type ConditionCatalogue, type ConditionNode } from './tree';

type Props = {
  /** As stored in documents; null or `{}` for no condition. */
  value: ConditionNode | null | undefined;
  onChange: (value: ConditionNode) => void;
  catalogue: ConditionCatalogue;
  label: string;
};

/**
 * Edits a condition tree. Ctrl+Enter in a row adds one below, Alt+Up/Down moves, Ctrl+D doubles; every key has its button or menu.
 */
export function ConditionTree({ value, onChange, catalogue, label }: Props) {
  const { t } = useTranslation('ui');
  const root = rootGroup(value);
  return (
    <section aria-label={label}>
      <ConditionGroup group={root} catalogue={catalogue} depth={0} onChange={(group) => onChange(fromGroup(group))} />
      <Text size="sm" c="dimmed" mt={8} aria-live="polite" data-testid="condition-sentence">
        {describeConditions(fromGroup(root), { t, catalogue })}
      </Text>
    </section>
  );
}
