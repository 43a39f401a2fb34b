import { TaggedText } from '@/ui/TaggedText';
import { formatNumber } from '@/ui/format';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useEffect, useRef, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { CardText } from '../model/cardText';
import type { StepShape } from '../model/catalogue';
import { periodText, StepNumbers } from '../numbers/StepNumbers';
import classes from './canvas.module.css';
import { ChangeBadge, markText } from './ChangeBadge';
import { useCanvas } from './state';

type Props = {
  id: string;
  shape: StepShape | 'trigger';
  text: CardText;
  icon: Icon;
  tint: string;
  problem?: 'error' | 'warning';
};

/** One card of the canvas; its whole face opens the options, its numbers open the people. */
export function Card({ id, shape, text, icon: CardIcon, tint, problem }: Props) {
  const { t } = useTranslation(['automations', 'builder']);
  const canvas = useCanvas();
  const { store } = useBuilder();
  const { counts, period } = useLive();
  const selected = useBuilderState((s) => s.selection.has(id));
  const focused = useBuilderState((s) => s.focus === id);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Only while the keyboard is on the canvas already, or its card was just taken away.
    const active = document.activeElement;
    if (focused && (active === document.body || active?.closest('[data-canvas]')))
      button.current?.focus({ preventScroll: true });
  }, [focused]);
  const mark = canvas.marks?.get(id);
  const count = counts?.steps[id];
  const visited = canvas.visited?.has(id) ?? false;
  const said = [
    text.title,
    text.detail,
    t(`shape.${shape}`),
    period
      ? periodText(period, id, t)
      : count
        ? t('card_counts', { passed: count.passed, waiting: count.waiting, errors: count.parked })
        : '',
    problem ? t(`severity.${problem}`) : '',
    visited ? t('visited') : '',
    mark ? markText(mark, t) : '',
    canvas.found?.has(id) ? t('find.found', { ns: 'builder' }) : '',
  ];
  const open = (event: MouseEvent) => canvas.onOpen(id, event.shiftKey || event.ctrlKey || event.metaKey);
  const badge = problem ?? (visited ? 'visited' : undefined);
  return (
    <div
      className={shape === 'end' ? `${classes.card} ${classes.pill}` : classes.card}
      data-shape={shape}
      data-problem={problem}
      data-selected={selected || undefined}
      data-lifted={canvas.lifted.has(id) || undefined}
      data-change={mark?.kind}
      data-found={canvas.found?.has(id) || undefined}
      data-dim={
        (canvas.visited !== null && !visited) ||
        (canvas.found !== null && canvas.found.size > 0 && !canvas.found.has(id)) ||
        (canvas.marks !== null && mark === undefined) ||
        undefined
      }
    >
      <button
        ref={button}
        type="button"
        className={classes.main}
        aria-label={said.filter((x) => x !== '').join(', ')}
        aria-pressed={selected}
        tabIndex={canvas.tabStop === id ? 0 : -1}
        data-card={id}
        onClick={open}
        onFocus={() => {
          // Tab has led here: what the keys do, they do to this card. Several that are chosen stay so.
          if (store.getState().selection.size === 0) store.getState().select(id);
        }}
      />
      {shape === 'end' ? (
        <span style={{ pointerEvents: 'none', fontSize: 12 }}>{t('end')}</span>
      ) : (
        <>
          <span className={classes.mark} data-tint={tint}>
            <CardIcon size={18} stroke={1.8} aria-hidden />
          </span>
          <div className={classes.body} aria-hidden>
            <div className={classes.title} data-long={text.long}>
              <TaggedText text={text.title} />
            </div>
            {text.detail === '' ? null : (
              <div className={classes.detail}>
                <TaggedText text={text.detail} />
              </div>
            )}
          </div>
          {period ? (
            shape === 'trigger' ? null : (
              <StepNumbers id={id} />
            )
          ) : count ? (
            <Numbers id={id} {...count} wait={shape === 'wait'} />
          ) : null}
        </>
      )}
      {mark === undefined ? null : <ChangeBadge mark={mark} />}
      {badge === undefined ? null : (
        <span className={classes.badge} data-problem={badge} aria-hidden>
          {badge === 'visited' ? <IconCheck size={12} stroke={3} /> : <IconAlertTriangle size={12} stroke={2.4} />}
        </span>
      )}
    </div>
  );
}

type Count = { id: string; passed: number; waiting: number; parked: number; wait: boolean };

function Numbers({ id, passed, waiting, parked, wait }: Count) {
  const { t } = useTranslation('automations');
  const { onPeople } = useCanvas();
  const parts = [
    { kind: 'passed', value: passed, show: passed > 0 && !(wait && waiting > 0) },
    { kind: 'waiting', value: waiting, show: waiting > 0 },
    { kind: 'errors', value: parked, show: parked > 0 },
  ];
  return (
    <div className={classes.numbers}>
      {parts
        .filter((p) => p.show)
        .map((p) => (
          <button
            key={p.kind}
            type="button"
            tabIndex={-1}
            className={`${classes.number} nodrag`}
            data-kind={p.kind}
            title={t(`count.${p.kind}`, { count: p.value })}
            aria-label={t(`count.${p.kind}`, { count: p.value })}
            onClick={() => onPeople(id, p.kind)}
          >
            {p.kind === 'errors' ? <IconAlertTriangle size={12} aria-hidden /> : null}
            {formatNumber(p.value)}
          </button>
        ))}
    </div>
  );
}
