import { ViewportPortal } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/ui/format';
import { useLive } from '../builder/context';
import { branchText } from '../model/cardText';
import { path, type Layout, type LaidNode } from '../model/layout';
import classes from './canvas.module.css';

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
  const { counts } = useLive();
  const join = (lines: Layout['lines']) => lines.map((l) => path(l.points)).join('');
  const byId = new Map(placed.nodes.map((n) => [n.id, n]));
  const from = arc ? byId.get(arc.from) : undefined;
  const to = arc ? byId.get(arc.to) : undefined;
  return (
    <ViewportPortal>
      <svg className={classes.lines} aria-hidden>
        <path d={join(placed.lines.filter((l) => !l.faint))} />
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
        <div
          key={`${l.step}/${l.branch}`}
          className={classes.label}
          data-branch={l.branch}
          style={{ position: 'absolute', left: l.x, top: l.y }}
        >
          {branchText(l.branch, t)}
          {share(counts?.steps[l.step]?.results, l.branch)}
        </div>
      ))}
    </ViewportPortal>
  );
});

/** How many percent took this branch. */
function share(results: Readonly<Record<string, number>> | undefined, branch: string) {
  const total = Object.values(results ?? {}).reduce((sum, n) => sum + n, 0);
  const own = results?.[branch];
  if (own === undefined || total === 0) return null;
  return <span className={classes.share}>{formatNumber(own / total, { style: 'percent' })}</span>;
}

/** Out of the right side of one card, around, into the right side of the other. */
function arcPath(from: LaidNode, to: LaidNode): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x + to.width, to.y + to.height / 2];
  const out = Math.max(x1, x2) + 56 + Math.min(80, Math.abs(y2 - y1) / 8);
  return `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2 + 2} ${y2}m8 -5l-8 5l8 5`;
}
