import { formatNumber } from '@/ui/format';
import { useTranslation } from 'react-i18next';
import classes from './conditions.module.css';
import { useRowCount } from './rowCount';
import type { ConditionNode } from './tree';

/** How many match this row alone: small, at its end. */
export function RowCount({ node }: { node: ConditionNode }) {
  const { t } = useTranslation('conditions');
  const { count, failed } = useRowCount(node);
  if (typeof count !== 'number' && !failed) return null;
  const text = typeof count === 'number' ? t('alone', { count }) : t('alone_unknown');
  return (
    <span className={classes.alone} data-testid="row-count" title={text} aria-label={text} role="note">
      {typeof count === 'number' ? formatNumber(count) : '–'}
    </span>
  );
}
