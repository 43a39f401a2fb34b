import { IconArrowsMove, IconMinus, IconPencil, IconPlus, type Icon } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ChangeKind } from '../model/diff';
import classes from './canvas.module.css';
import type { ChangeMark } from './state';

export const changeIcons: Record<ChangeKind, Icon> = {
  added: IconPlus,
  removed: IconMinus,
  changed: IconPencil,
  moved: IconArrowsMove,
};

/** "Changed and moved" */
export const markText = ({ kind, moved }: ChangeMark, t: TFunction) =>
  t(moved && kind === 'changed' ? 'diff.changed_moved' : `diff.${kind}`, { ns: 'builder' });

/** What became of a card, in colour, sign and word: no one has to tell colours apart. */
export function ChangeBadge({ mark }: { mark: ChangeMark }) {
  const { t } = useTranslation('builder');
  const ChangeIcon = changeIcons[mark.kind];
  return (
    <span className={classes.change} data-change={mark.kind} aria-hidden>
      <ChangeIcon size={12} stroke={2.6} />
      {markText(mark, t)}
    </span>
  );
}
