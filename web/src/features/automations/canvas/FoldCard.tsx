import { formatNumber } from '@/ui/format';
import { IconFold } from '@tabler/icons-react';
import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useLive } from '../builder/context';
import { branchText } from '../model/cardText';
import { lane, walk } from '../model/document';
import { worstByStep } from '../model/problems';
import classes from './canvas.module.css';
import type { FoldNode } from './nodes';
import { useCanvas } from './state';

/** A branch as one card with its totals; a click unfolds it. */
export const FoldCard = memo(function FoldCard({ data: { step, branch } }: NodeProps<FoldNode>) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { counts, problems } = useLive();
  const { commands } = useCanvas();
  const ids = [...walk(lane(step, branch), index.branchesOf)].map((x) => x.step.id);
  const sum = (of: 'waiting' | 'parked') => ids.reduce((total, id) => total + (counts?.steps[id]?.[of] ?? 0), 0);
  const [waiting, parked] = [sum('waiting'), sum('parked')];
  const worst = worstByStep(problems);
  const problem = ids.some((id) => worst.get(id) === 'error')
    ? 'error'
    : ids.some((id) => worst.has(id))
      ? 'warning'
      : undefined;
  const name = branchText(branch, t);
  return (
    <button
      type="button"
      className={`${classes.fold} nodrag`}
      data-problem={problem}
      aria-expanded={false}
      aria-label={t('fold.open', { branch: name, count: ids.length })}
      onClick={() => commands.toggleFold(step.id, branch)}
    >
      <IconFold size={15} aria-hidden />
      {t('fold.steps', { count: ids.length })}
      {waiting > 0 ? (
        <span className={classes.number} data-kind="waiting">
          {formatNumber(waiting)}
        </span>
      ) : null}
      {parked > 0 ? (
        <span className={classes.number} data-kind="errors">
          {formatNumber(parked)}
        </span>
      ) : null}
    </button>
  );
});
