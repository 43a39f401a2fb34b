import { useReactFlow, useStore as useFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useBuilderState } from '../builder/context';
import type { Layout } from '../model/layout';

/** Puts the triggers in the middle at the start, and later a card that was opened from elsewhere into sight. */
export function useReveal(placed: Layout) {
  const flow = useReactFlow();
  const width = useFlow((s) => s.width);
  const height = useFlow((s) => s.height);
  const started = useRef(false);
  const focus = useBuilderState((s) => s.focus);
  const latest = useRef(placed);
  useEffect(() => {
    latest.current = placed;
  }, [placed]);

  useEffect(() => {
    if (started.current || width === 0) return;
    started.current = true;
    void flow.setViewport(startViewport(latest.current, width));
  }, [flow, width]);

  useEffect(() => {
    const node = latest.current.nodes.find((n) => n.id === focus);
    if (!started.current || node === undefined || width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [node.x * zoom + x, node.y * zoom + y];
    const inside = left >= 0 && top >= 0 && left + node.width * zoom <= width && top + node.height * zoom <= height;
    if (!inside)
      void flow.setCenter(node.x + node.width / 2, node.y + node.height / 2, {
        zoom: Math.max(zoom, 0.6),
        duration: 150,
      });
  }, [flow, focus, width, height]);
}

/** As large as fits across, between 75 % and 100 %, triggers at the top, the axis in the middle. */
export function startViewport(placed: Layout, width: number) {
  const left = Math.min(...placed.nodes.map((n) => n.x));
  const right = Math.max(...placed.nodes.map((n) => n.x + n.width));
  const zoom = Math.max(0.75, Math.min(1, (width - 80) / (right - left)));
  const fits = (right - left) * zoom <= width - 80;
  return { x: fits ? width / 2 - ((left + right) / 2) * zoom : width / 2, y: 36, zoom };
}
