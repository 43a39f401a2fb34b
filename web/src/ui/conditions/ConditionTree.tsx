import { TaggedText } from '@/ui/TaggedText';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConditionGroup } from './ConditionGroup';
import { describeConditions } from './describe';
import { RowCounts } from './rowCount';
import { ConditionErrors, type TreeErrors } from './errors';
import { fromGroup, rootGroup, type ConditionCatalogue, type ConditionNode } from './tree';

type Props = {
  /** As stored in documents; null or `{}` for no condition. */
  value: ConditionNode | null | undefined;
  onChange: (value: ConditionNode) => void;
  catalogue: ConditionCatalogue;
  label: string;
  /** Of the server; the tree has to be `editable` for them to meet their rows. */
  errors?: TreeErrors;
  /** The rule in words as the server tells it, with the names of things; without it the words are made here. */
  words?: string | undefined;
  /** Names of things for the words made here. */
  nameOf?: ((source: string, id: string) => string | undefined) | undefined;
  /** Rows show how many match them alone. */
  counted?: boolean;
};

const none: TreeErrors = {};

/**
 * Edits a condition tree. Ctrl+Enter in a row goes to the picker below it, Alt+Up/Down moves the row or group, Ctrl+D doubles it, Ctrl+Backspace (in an
 * empty row Backspace alone) removes it; every key has its button or menu.
 */
export function ConditionTree({
  value,
  onChange,
  catalogue,
  label,
  errors = none,
  words,
  nameOf,
  counted = false,
}: Props) {
  const { t } = useTranslation(['conditions', 'forms']);
  const root = rootGroup(value);
  return (
    <section aria-label={label}>
      <ConditionErrors value={errors}>
        <RowCounts value={counted}>
          <ConditionGroup
            group={root}
            catalogue={catalogue}
            depth={0}
            pointer=""
            onChange={(group) => onChange(fromGroup(group))}
          />
        </RowCounts>
      </ConditionErrors>
      <Text size="sm" c="dimmed" mt={8} aria-live="polite" data-testid="condition-sentence">
        <TaggedText text={words ?? describeConditions(fromGroup(root), { t, catalogue, label: nameOf })} />
      </Text>
    </section>
  );
}
