import { ViewportPortal } from '@xyflow/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MapLink } from '../api/types';
import classes from './map.module.css';
import { size, type MapLayout, type Placed } from './mapLayout';
import { spreadWords, wordWidth } from './spreadWords';
import { byWhat, lineOf } from './words';

type Props = { placed: MapLayout; links: readonly MapLink[]; active: string | null };
type Way = { key: string; from: Placed; to: Placed; kind: 'start' | 'end' | 'trigger'; texts: string[] };

/** Up to so many ways the words stand on all lines; beyond that only on those of the card one is at. */
const wordsOnAll = 14;

/** All ways between two cards of one kind are one line. */
function waysOf(links: readonly MapLink[], placed: MapLayout, say: (link: MapLink) => string): Way[] {
  const places = new Map(placed.nodes.map((n) => [n.id, n]));
  const ways = new Map<string, Way>();
  for (const link of links) {
    const [from, to] = [places.get(String(link.from)), places.get(String(link.to))];
    if (from === undefined || to === undefined) continue;
    const kind = lineOf(link);
    const key = `${link.from} ${link.to} ${kind}`;
    const way = ways.get(key) ?? { key, from, to, kind, texts: [] };
    if (kind === 'trigger') way.texts.push(say(link));
    ways.set(key, way);
  }
  return [...ways.values()];
}

/** A curve from the right side of one card to the left side of the other; back ones swing below, those to itself make an ear. */
function curve({ from, to, kind }: Way): { d: string; middle: readonly [number, number] } {
  const lift = kind === 'end' ? 14 : kind === 'trigger' ? -6 : 4;
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2 + lift];
  const [x2, y2] = [to.x - 7, to.y + to.height / 2 + lift];
  if (from === to) {
    const top = from.y - 30;
    const [a, b] = [from.x + from.width * 0.62, from.x + from.width * 0.86];
    return {
      d: `M${b} ${from.y}C${b + 14} ${top} ${a - 14} ${top} ${a} ${from.y - 7}`,
      middle: [(a + b) / 2, top + 4],
    };
  }
  if (x2 - x1 > size.across + size.width / 2) {
    // Over the heads of those in between.
    const high = Math.min(from.y, to.y) - 26 - lift;
    const middle = (x1 + x2) / 2;
    return {
      d: `M${x1} ${y1}C${x1 + 90} ${y1} ${x1 + 60} ${high} ${middle} ${high}S${x2 - 90} ${y2} ${x2} ${y2}`,
      middle: [middle, high],
    };
  }
  if (x2 > x1) {
    const half = Math.max(50, (x2 - x1) / 2);
    return {
      d: `M${x1} ${y1}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`,
      middle: [(x1 + x2) / 2, (y1 + y2) / 2],
    };
  }
  const low = Math.max(from.y + from.height, to.y + to.height) + 26;
  return {
    d: `M${x1} ${y1}C${x1 + 90} ${y1} ${x1 + 60} ${low} ${(x1 + x2) / 2} ${low}S${x2 - 90} ${y2} ${x2} ${y2}`,
    middle: [(x1 + x2) / 2, low],
  };
}

/** Words of several ways between the same two cards stand one above the other. */
const apart: Record<Way['kind'], number> = { trigger: -22, start: -6, end: 6 };

/** Every link as a line with an arrow; starting is whole, ending is dashed, and being started by what another does is dotted. */
export function MapLines({ placed, links, active }: Props) {
  const { t } = useTranslation('builder');
  const ways = useMemo(
    () => waysOf(links, placed, (l) => byWhat(l, t)).map((way) => ({ ...way, ...curve(way) })),
    [links, placed, t],
  );
  const isNear = (way: Way) => active !== null && (way.from.id === active || way.to.id === active);
  const said = ways.filter((way) => (active === null ? ways.length <= wordsOnAll : isNear(way)));
  const tops = spreadWords(
    said.map((way) => ({
      x: way.middle[0],
      y: way.middle[1] + (ways.some((w) => w !== way && w.from === way.from && w.to === way.to) ? apart[way.kind] : 0),
      lines: way.kind === 'trigger' ? Math.min(3, way.texts.length) : 1,
    })),
  );
  return (
    <ViewportPortal>
      <svg className={classes.ways} aria-hidden>
        <defs>
          {(['start', 'end', 'trigger'] as const).map((kind) => (
            <marker
              key={kind}
              id={`map-arrow-${kind}`}
              viewBox="0 0 10 10"
              refX="5"
              refY="5"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path d="M0 0L10 5L0 10z" data-kind={kind} data-head />
            </marker>
          ))}
        </defs>
        {ways.map((way) => (
          <path
            key={way.key}
            d={way.d}
            data-kind={way.kind}
            data-near={isNear(way) || undefined}
            data-dim={(active !== null && !isNear(way)) || undefined}
            markerEnd={`url(#map-arrow-${way.kind})`}
          />
        ))}
      </svg>
      {said.map((way, i) => (
        <div
          key={way.key}
          className={classes.word}
          data-kind={way.kind}
          aria-hidden
          style={{ left: way.middle[0], top: tops[i], maxWidth: wordWidth }}
        >
          {way.kind === 'trigger' ? (
            <>
              {way.texts.slice(0, 2).map((text) => (
                <div key={text}>{text}</div>
              ))}
              {way.texts.length > 2 ? <div>+{way.texts.length - 2}</div> : null}
            </>
          ) : (
            t(way.kind === 'start' ? 'map.starts' : 'map.ends')
          )}
        </div>
      ))}
    </ViewportPortal>
  );
}
