import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useStore as useFlow,
} from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import type { AutomationDocument } from '../model/document';
import classes from './canvas.module.css';
import { Lines } from './Lines';
import { nodeTypes, type CanvasNode } from './nodes';
import { Canvas as CanvasContext, type CanvasState, type ChangeMark } from './state';
import { useCanvasKeys } from './useCanvasKeys';
import { useDrag } from './useDrag';
import { useNodes } from './useNodes';
import { useRectangle } from './useRectangle';
import { useReveal } from './useReveal';

type Props = {
  document: AutomationDocument;
  commands: Commands;
  readOnly?: boolean;
  visited?: ReadonlySet<string> | null;
  /** Ways a run has taken: `step`, or `step/branch`. */
  taken?: ReadonlySet<string> | null;
  onPeople: (step: string, status: string) => void;
  onFind: () => void;
  /** What became of the cards between two versions. */
  marks?: ReadonlyMap<string, ChangeMark> | null;
  /** Cards that the search has found. */
  found?: ReadonlySet<string> | null;
  /** What a click on a card does in place of opening its options. */
  onOpen?: (id: string) => void;
};

/** Above this many cards and + only those in sight are in the document. */
const mountAll = 150;
const minimapColour = (node: CanvasNode) =>
  node.type === 'trigger'
    ? 'var(--mantine-color-teal-6)'
    : node.type === 'note'
      ? 'var(--canvas-note)'
      : node.type === 'step' || node.type === 'fold'
        ? 'var(--canvas-line)'
        : 'transparent';

export const Canvas = (props: Props) => (
  <ReactFlowProvider>
    <Flow {...props} />
  </ReactFlowProvider>
);

function Flow({
  document,
  commands,
  readOnly = false,
  visited = null,
  taken = null,
  marks = null,
  found = null,
  onOpen,
  onPeople,
  onFind,
}: Props) {
  const { t } = useTranslation('automations');
  const { store, index } = useBuilder();
  const { summary } = useLive();
  const latest = useRef<ReturnType<typeof useNodes>['placed'] | null>(null);
  const drag = useDrag(
    useCallback(() => latest.current ?? { nodes: [], slots: [], labels: [], joins: [], lines: [] }, []),
    commands,
  );
  const { placed, nodes, steps } = useNodes(document, summary, readOnly, drag.lift);
  useEffect(() => {
    latest.current = placed;
  }, [placed]);
  const [freshNote, setFreshNote] = useState<string | null>(null);
  const author = useSession().user.name;
  const onNote = () => setFreshNote(commands.addNote(store.getState().focus, author));
  const onKeyDown = useCanvasKeys({ placed, commands, readOnly, onFind, onNote });
  const rectangle = useRectangle(placed, readOnly);
  useReveal(placed);
  const far = useFlow((s) => s.transform[2] < 0.5);
  const focus = useBuilderState((s) => s.focus);
  const [hovered, setHovered] = useState<string | null>(null);

  const gotoId = [hovered, focus].find(
    (id) => id !== null && steps.get(id) !== undefined && index.shapeOf(steps.get(id) ?? { id, type: '' }) === 'goto',
  );
  const target = gotoId ? steps.get(gotoId)?.['step'] : undefined;
  const arc = useMemo(
    () => (gotoId && typeof target === 'string' ? { from: gotoId, to: target } : null),
    [gotoId, target],
  );
  const first = document.triggers[0]?.id ?? document.steps[0]?.id ?? null;
  const tabStop = focus !== null && placed.nodes.some((n) => n.id === focus) ? focus : first;
  const { targets, nearest, lifted } = drag;
  const state = useMemo<CanvasState>(
    () => ({
      readOnly,
      targets,
      nearest,
      lifted,
      visited,
      marks,
      found,
      tabStop,
      freshNote,
      commands,
      onOpen: (id, more) => (onOpen ? onOpen(id) : more ? store.getState().select(id, true) : commands.open(id)),
      onSlot: (slot) => store.getState().show({ kind: 'picker', slot }),
      onAddTrigger: () => store.getState().show({ kind: 'trigger_picker' }),
      onPeople,
    }),
    [readOnly, targets, nearest, lifted, visited, marks, found, tabStop, freshNote, store, commands, onOpen, onPeople],
  );
  return (
    <CanvasContext value={state}>
      {/* The one place where arrow keys walk the cards; every command is also in menus and in the outline. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Keys bubble up from the focused card; the canvas itself is not a control. */}
      <div
        role="application"
        aria-label={t('canvas_label')}
        className={classes.canvas}
        data-canvas
        data-far={far || undefined}
        data-comparing={marks !== null || undefined}
        onKeyDown={onKeyDown}
        {...drag.area}
        {...rectangle.area}
      >
        <ReactFlow<CanvasNode>
          nodes={nodes}
          edges={noEdges}
          nodeTypes={nodeTypes}
          onlyRenderVisibleElements={nodes.length > mountAll}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          nodeDragThreshold={6}
          minZoom={0.1}
          maxZoom={1.5}
          panOnScroll
          zoomOnDoubleClick={false}
          defaultViewport={startViewport}
          onPaneClick={(event) => event.shiftKey || store.getState().select(null)}
          onNodeMouseEnter={(_, node) => setHovered(node.id)}
          onNodeMouseLeave={() => setHovered(null)}
          {...drag.flow}
        >
          <Lines placed={placed} taken={taken} arc={arc} />
          <Background variant={BackgroundVariant.Dots} gap={22} size={1.5} color="var(--canvas-dot)" />
          <Controls showInteractive={false} position="bottom-left" aria-label={t('zoom')} />
          {nodes.length > 12 ? (
            <MiniMap
              pannable
              zoomable
              position="bottom-right"
              ariaLabel={t('minimap')}
              nodeColor={minimapColour}
              nodeStrokeWidth={0}
              bgColor="var(--surface)"
              maskColor="var(--canvas-mask)"
              nodeBorderRadius={12}
            />
          ) : null}
        </ReactFlow>
        {rectangle.box ? <div className={classes.rectangle} style={rectangle.box} /> : null}
      </div>
    </CanvasContext>
  );
}

const noEdges: never[] = [];
const startViewport = { x: 0, y: 0, zoom: 1 };
