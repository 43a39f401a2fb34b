import { ConditionTree } from '@/ui/conditions/ConditionTree';
import { rootGroup, type ConditionNode } from '@/ui/conditions/tree';
import { spokenText } from '@/ui/tokens';
import { useMemo } from 'react';
import { cardText } from '../model/cardText';
import { walk } from '../model/document';
import { conditionNames } from '../model/summary';
import { withSteps } from '../model/withSteps';
import { useBuilder, useBuilderState, useLive } from './context';

type Props = {
  label: string;
  value: unknown;
  onChange: (tree: unknown) => void;
  /** Said in place of "everyone" while nothing is asked. */
  none?: string;
};

/** The condition editor, in which "because of this step" offers the steps of this automation. */
export function StepConditions({ label, value, onChange, none }: Props) {
  const { index, conditions } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const catalogue = useMemo(
    () =>
      withSteps(
        conditions,
        [...walk(document.steps, index.branchesOf)].map(({ step }) => {
          const { title, detail } = cardText(step, index, summary);
          return { value: step.id, label: spokenText(detail === '' ? title : `${title}: ${detail}`) };
        }),
      ),
    [conditions, document, index, summary],
  );
  const tree = typeof value === 'object' ? (value as ConditionNode | null) : null;
  return (
    <ConditionTree
      label={label}
      catalogue={catalogue}
      value={tree}
      onChange={onChange}
      nameOf={conditionNames(summary)}
      {...(none !== undefined && rootGroup(tree).children.length === 0 ? { words: none } : {})}
    />
  );
}
