import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Node,
} from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AutomationMap, MapItem } from '../api/types';
import { neighbour } from '../canvas/canvasNeighbour';
import canvas from '../canvas/canvas.module.css';
import classes from './map.module.css';
import { MapCard, MapContext } from './MapCard';
import { MapLegend } from './MapLegend';
import { mapLayout } from './mapLayout';
import { MapLines } from './MapLines';
import { linksInWords } from './words';

type Props = { map: AutomationMap; found: ReadonlySet<number> | null };
export type MapNode = Node<{ item: MapItem; said: string }, 'automation'>;

const nodeTypes = { automation: MapCard };
const noEdges: never[] = [];
const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

export const MapCanvas = (props: Props) => (
  <ReactFlowProvider>
    <Flow {...props} />
  </ReactFlowProvider>
);

/** The automations as cards from left to right, with a line for each way one starts or ends another. */
function Flow({ map, found }: Props) {
  const { t } = useTranslation(['builder', 'automations']);
  const flow = useReactFlow();
  const placed = useMemo(() => mapLayout(map.items, map.links), [map]);
  const [hovered, setHovered] = useState<string | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const active = hovered ?? focus;
  const near = useMemo(() => {
    if (active === null) return null;
    const ids = new Set([active]);
    for (const l of map.links)
      if (String(l.from) === active || String(l.to) === active) ids.add(String(l.from)).add(String(l.to));
    return ids;
  }, [active, map]);
  const nodes = useMemo(() => {
    const items = new Map(map.items.map((i) => [String(i.id), i]));
    const nameOf = (id: number) => items.get(String(id))?.name ?? String(id);
    return placed.nodes.flatMap((n): MapNode[] => {
      const item = items.get(n.id);
      if (item === undefined) return [];
      const { does, is } = linksInWords(item.id, map.links, nameOf, t);
      const said = [item.name, t(`status.${item.status}`, { ns: 'automations' }), ...does, ...is].join(', ');
      return [
        {
          id: n.id,
          type: 'automation',
          position: { x: n.x, y: n.y },
          width: n.width,
          height: n.height,
          data: { item, said },
          ...still,
        },
      ];
    });
  }, [placed, map, t]);
  const bring = useCallback(
    (id: string) => {
      const node = placed.nodes.find((n) => n.id === id);
      if (node === undefined) return;
      const { x, y, zoom } = flow.getViewport();
      const box = area.current?.getBoundingClientRect();
      const [left, top] = [node.x * zoom + x, node.y * zoom + y];
      const inside =
        box !== undefined &&
        left >= 0 &&
        top >= 0 &&
        left + node.width * zoom <= box.width &&
        top + node.height * zoom <= box.height;
      if (!inside)
        void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, {
          zoom: Math.max(zoom, 0.6),
          duration: 150,
        });
    },
    [flow, placed],
  );
  useEffect(() => {
    const first = map.items.find((i) => found?.has(i.id));
    if (first) bring(String(first.id));
  }, [found, map, bring]);
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = arrows[event.key];
    const current = placed.nodes.find((n) => n.id === focus) ?? placed.nodes[0];
    if (arrow === undefined || current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = neighbour(placed.nodes, current, arrow);
    if (next === undefined) return;
    bring(next.id);
    // Only what is in sight is in the document, so the focus waits for the card.
    setFocus(next.id);
    requestAnimationFrame(() => area.current?.querySelector<HTMLElement>(`[data-map-card="${next.id}"]`)?.focus());
  };
  const shared = useMemo(
    () => ({ near, found, stop: focus ?? placed.nodes[0]?.id ?? null, onFocus: setFocus }),
    [near, found, focus, placed],
  );
  return (
    <MapContext value={shared}>
      {/* Arrow keys walk the cards, which are links; everything is in the list too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Keys bubble up from the focused card. */}
      <div
        ref={area}
        role="group"
        aria-label={t('map.label')}
        className={`${canvas.canvas} ${classes.canvas}`}
        onKeyDown={onKeyDown}
      >
        <ReactFlow<MapNode>
          nodes={nodes}
          edges={noEdges}
          nodeTypes={nodeTypes}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          minZoom={0.1}
          maxZoom={1.5}
          panOnScroll
          zoomOnDoubleClick={false}
          fitView
          fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
          onNodeMouseEnter={(_, node) => setHovered(node.id)}
          onNodeMouseLeave={() => setHovered(null)}
        >
          <MapLines placed={placed} links={map.links} active={active} />
          <Background variant={BackgroundVariant.Dots} gap={22} size={1.5} color="var(--canvas-dot)" />
          <Controls showInteractive={false} position="bottom-left" aria-label={t('zoom', { ns: 'automations' })} />
        </ReactFlow>
        <MapLegend links={map.links} />
      </div>
    </MapContext>
  );
}

const still = { selectable: false, focusable: false, draggable: false, connectable: false, deletable: false } as const;
