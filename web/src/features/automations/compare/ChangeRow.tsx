import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { changeIcons, markText } from '../canvas/ChangeBadge';
import canvas from '../canvas/canvas.module.css';
import type { CatalogueIndex } from '../model/catalogue';
import type { Change } from '../model/diff';
import { detailsOf, nameOfChange } from '../model/diffWords';
import type { SummaryContext } from '../model/summary';
import classes from './compare.module.css';

type Props = {
  change: Change;
  index: CatalogueIndex;
  summary: SummaryContext;
  current?: boolean;
  /** Absent: the row only tells. */
  onChoose?: () => void;
};

/** One difference in words: what it is about, and its settings old and new. */
export function ChangeRow({ change, index, summary, current = false, onChoose }: Props) {
  const { t } = useTranslation(['builder', 'automations']);
  const details = useMemo(() => detailsOf(change, index, summary), [change, index, summary]);
  const ChangeIcon = changeIcons[change.kind];
  const name = nameOfChange(change, index, summary);
  const kind = markText(change, t);
  const head = (
    <>
      <span className={canvas.change} data-change={change.kind} data-inline>
        <ChangeIcon size={12} stroke={2.6} aria-hidden />
        {kind}
      </span>
      <span className={classes.what}>{t(`diff.what_${change.what}`)}</span>
      <span className={classes.name}>{name}</span>
    </>
  );
  return (
    <li className={classes.change} data-current={current || undefined}>
      {onChoose ? (
        <button
          type="button"
          data-change-row
          className={classes.head}
          aria-current={current ? 'true' : undefined}
          onClick={onChoose}
        >
          {head}
        </button>
      ) : (
        <div className={classes.head}>{head}</div>
      )}
      {details.length > 0 ? (
        <dl className={classes.details}>
          {details.map((d) => (
            <div key={d.key}>
              {change.what === 'setting' ? null : <dt>{d.label}</dt>}
              {d.large ? (
                <dd>{t('diff.content_changed')}</dd>
              ) : (
                <dd>
                  <del aria-label={t('diff.was', { value: d.before })}>{d.before}</del>
                  <span className={classes.arrow} aria-hidden>
                    →
                  </span>
                  <ins aria-label={t('diff.is', { value: d.after })}>{d.after}</ins>
                </dd>
              )}
            </div>
          ))}
        </dl>
      ) : null}
    </li>
  );
}
