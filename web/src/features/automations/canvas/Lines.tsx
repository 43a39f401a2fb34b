import { ViewportPortal } from '@xyflow/react';
import { memo } from 'react';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/ui/format';
import { useBuilderState, useLive } from '../builder/context';
import { branchText } from '../model/cardText';
import { laneKey, path, type Layout, type LaidNode } from '../model/layout';
import { trafficOf, widthOf, widths } from '../numbers/traffic';
import type { PeriodNumbers } from '../numbers/usePeriodNumbers';
import { percents } from '../model/percents';
import classes from './canvas.module.css';
import { useCanvas } from './state';

type Props = {
  placed: Layout;
  /** What a run has left behind: `step`, or `step/branch`; null when no run is shown. */
  taken: ReadonlySet<string> | null;
  /** From a go-to step to its target. */
  arc: { from: string; to: string } | null;
};

/** All lines as a few paths, so that hundreds of steps cost two elements. */
export const Lines = memo(function Lines({ placed, taken, arc }: Props) {
  const { t } = useTranslation('automations');
  const { counts, period } = useLive();
  const { commands } = useCanvas();
  const folded = useBuilderState((s) => s.folded);
  const join = (lines: Layout['lines']) => lines.map((l) => path(l.points)).join('');
  const byId = new Map(placed.nodes.map((n) => [n.id, n]));
  const from = arc ? byId.get(arc.from) : undefined;
  const to = arc ? byId.get(arc.to) : undefined;
  return (
    <ViewportPortal>
      <svg className={classes.lines} aria-hidden>
        {period ? (
          <Traffic lines={placed.lines.filter((l) => !l.faint)} numbers={period} />
        ) : (
          <path d={join(placed.lines.filter((l) => !l.faint))} />
        )}
        <path d={join(placed.lines.filter((l) => l.faint))} data-faint />
        {taken ? (
          <path
            d={join(
              placed.lines.filter(
                (l) => l.from !== null && taken.has(l.branch === null ? l.from : `${l.from}/${l.branch}`),
              ),
            )}
            data-taken
          />
        ) : null}
        {placed.joins.map(([x, y]) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={3.5} />
        ))}
        {from && to ? <path d={arcPath(from, to)} data-arc /> : null}
      </svg>
      {placed.labels.map((l) => (
        <button
          key={laneKey(l.step, l.branch)}
          type="button"
          className={`${classes.label} nodrag nopan`}
          data-branch={l.branch}
          // Reached by arrows and the outline; one tab stop for the canvas.
          tabIndex={-1}
          aria-expanded={!folded.has(laneKey(l.step, l.branch))}
          title={t(folded.has(laneKey(l.step, l.branch)) ? 'fold.unfold' : 'fold.fold')}
          style={{ position: 'absolute', left: l.x, top: l.y }}
          onClick={() => commands.toggleFold(l.step, l.branch)}
        >
          {branchText(l.branch, t)}
          {share((period ?? counts)?.steps[l.step]?.results, l.branch)}
          {folded.has(laneKey(l.step, l.branch)) ? (
            <IconChevronRight className={classes.chevron} size={11} stroke={2.4} aria-hidden />
          ) : (
            <IconChevronDown className={classes.chevron} size={11} stroke={2.4} aria-hidden />
          )}
        </button>
      ))}
    </ViewportPortal>
  );
});

/** Lines as thick as what went along them, one path for each width. */
function Traffic({ lines, numbers }: { lines: Layout['lines']; numbers: PeriodNumbers }) {
  const most = Math.max(0, ...lines.map((l) => trafficOf(l, numbers)));
  return widths.map((width, i) => (
    <path
      key={width}
      data-traffic={i}
      style={{ strokeWidth: width }}
      d={lines
        .filter((l) => widthOf(trafficOf(l, numbers), most) === i)
        .map((l) => path(l.points))
        .join('')}
    />
  ));
}

/** How many percent took this branch. */
function share(results: Readonly<Record<string, number>> | undefined, branch: string) {
  const own = percents(results ?? {})[branch];
  return own === undefined ? null : (
    <span className={classes.share}>{formatNumber(own / 100, { style: 'percent' })}</span>
  );
}

/** Out of the right side of one card, around, into the right side of the other. */
function arcPath(from: LaidNode, to: LaidNode): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x + to.width, to.y + to.height / 2];
  const out = Math.max(x1, x2) + 56 + Math.min(80, Math.abs(y2 - y1) / 8);
  return `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2 + 2} ${y2}m8 -5l-8 5l8 5`;
}
