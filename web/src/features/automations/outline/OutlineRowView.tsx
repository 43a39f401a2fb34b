import { TaggedText } from '@/ui/TaggedText';
import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCornerDownRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/ui/format';
import { useBuilder, useLive } from '../builder/context';
import { StepMark } from '../canvas/StepMark';
import { branchText, cardText } from '../model/cardText';
import classes from './outline.module.css';
import type { OutlineRow } from './rows';

type Props = { row: OutlineRow; stop: boolean; selected: boolean; problem?: 'error' | 'warning'; onOpen: () => void };

export function OutlineRowView({ row, stop, selected, problem, onOpen }: Props) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { summary, counts } = useLive();
  const common = {
    role: 'treeitem',
    tabIndex: stop ? 0 : -1,
    'data-row': row.key,
    'aria-level': row.level,
    'aria-posinset': row.position,
    'aria-setsize': row.of,
    style: { marginInlineStart: (row.level - 1) * 22 },
  } as const;
  if (row.kind === 'branch')
    return (
      <div {...common} aria-selected={false} className={`${classes.row} ${classes.branch}`}>
        <IconCornerDownRight size={14} aria-hidden />
        {branchText(row.branch, t)}
      </div>
    );
  const description = index.step(row.step.type);
  const text = cardText(row.step, index, summary);
  const count = counts?.steps[row.key];
  return (
    // The tree handles the keys.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- The tree around it holds the focus and takes the keys (aria-activedescendant).
    <div {...common} aria-selected={selected} className={classes.row} onClick={onOpen}>
      <StepMark description={description} size={16} />
      <span className={classes.text}>
        <b>{text.title}</b>{' '}
        <span>
          <TaggedText text={text.detail} />
        </span>
      </span>
      {count && count.waiting > 0 ? <Badge color="yellow">{t('count.waiting', { count: count.waiting })}</Badge> : null}
      {count && count.passed > 0 ? <span className="tabular">{formatNumber(count.passed)}</span> : null}
      {problem ? (
        <IconAlertTriangle size={16} color="var(--mantine-color-error)" aria-label={t(`severity.${problem}`)} />
      ) : null}
    </div>
  );
}
