import {
  DndContext,
  DragOverlay,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
  type Announcements,
  type CollisionDetection,
  type KeyboardCoordinateGetter,
} from '@dnd-kit/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props<Item, Place> = {
  /** What is being dragged, in words, for the picture at the pointer and for screen readers. */
  labelOf: (item: Item) => string;
  placeOf: (place: Place) => string;
  onDrop: (item: Item, place: Place) => void;
  /** Where a thing may go; everywhere without it. */
  accepts?: (item: Item, place: Place) => boolean;
  children: ReactNode;
};

type Accepts = (item: unknown, place: unknown) => boolean;
const dataOf = (entry: { data: { current?: unknown } } | null | undefined) =>
  (entry?.data.current ?? {}) as { item?: unknown; place?: unknown };

/** The place nearest to the pointer; by key, to the middle of what is dragged. */
const nearest =
  (accepts: Accepts): CollisionDetection =>
  ({ active, droppableContainers, droppableRects, pointerCoordinates, collisionRect }) => {
    const x = pointerCoordinates?.x ?? collisionRect.left + collisionRect.width / 2;
    const y = pointerCoordinates?.y ?? collisionRect.top + collisionRect.height / 2;
    return droppableContainers
      .flatMap((container) => {
        const rect = droppableRects.get(container.id);
        if (!rect || !accepts(dataOf(active).item, dataOf(container).place)) return [];
        const dx = Math.max(rect.left - x, 0, x - rect.right);
        const dy = Math.max(rect.top - y, 0, y - rect.bottom);
        return [{ id: container.id, data: { droppableContainer: container, value: Math.hypot(dx, dy) } }];
      })
      .toSorted((a, b) => a.data.value - b.data.value);
  };

/** Arrow keys go from place to place and not pixel by pixel. */
const byPlaces =
  (accepts: Accepts): KeyboardCoordinateGetter =>
  (event, { context, currentCoordinates }) => {
    const forward = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.code];
    if (forward === undefined) return undefined;
    event.preventDefault();
    const places = [...context.droppableRects.entries()]
      .map(([id, rect]) => ({ id, rect }))
      .filter(({ id }) => accepts(dataOf(context.active).item, dataOf(context.droppableContainers.get(id)).place))
      .toSorted((a, b) => a.rect.top - b.rect.top || a.rect.left - b.rect.left);
    const at = places.findIndex((p) => p.id === context.over?.id);
    const next = places[Math.min(places.length - 1, Math.max(0, at + forward))];
    const own = context.collisionRect;
    if (!next || !own) return currentCoordinates;
    return {
      x: next.rect.left + next.rect.width / 2 - own.width / 2,
      y: next.rect.top + next.rect.height / 2 - own.height / 2,
    };
  };

/** Things are lifted from handles and dropped at places: pointer, touch, or Space, arrows, Space and Esc. */
export function DragArea<Item, Place>({ labelOf, placeOf, onDrop, accepts, children }: Props<Item, Place>) {
  const { t } = useTranslation('ui');
  const [dragged, setDragged] = useState<Item | null>(null);
  const [may] = useState<Accepts>(() => (accepts ?? (() => true)) as Accepts);
  const [detect] = useState(() => nearest(may));
  const [step] = useState(() => byPlaces(may));
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: step }),
  );
  const item = (data: unknown) => labelOf((data as { item: Item }).item);
  const place = (data: unknown) => placeOf((data as { place: Place }).place);
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('dnd.lifted', { what: item(active.data.current) }),
    onDragOver: ({ over }) => (over ? t('dnd.over', { where: place(over.data.current) }) : undefined),
    onDragEnd: ({ active, over }) =>
      over
        ? t('dnd.dropped', { what: item(active.data.current), where: place(over.data.current) })
        : t('dnd.cancelled', { what: item(active.data.current) }),
    onDragCancel: ({ active }) => t('dnd.cancelled', { what: item(active.data.current) }),
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={detect}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('dnd.help') } }}
      onDragStart={({ active }) => setDragged((active.data.current as { item: Item }).item)}
      onDragCancel={() => setDragged(null)}
      onDragEnd={({ active, over }) => {
        setDragged(null);
        if (over) onDrop((active.data.current as { item: Item }).item, (over.data.current as { place: Place }).place);
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {dragged === null ? null : (
          <div
            style={{
              width: 'max-content',
              padding: '6px 12px',
              borderRadius: 8,
              color: '#fff',
              background: 'var(--mantine-color-indigo-8)',
              fontSize: 13,
              fontWeight: 600,
              boxShadow: 'var(--mantine-shadow-md)',
            }}
          >
            {labelOf(dragged)}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

/** For the handle: spread `handle` on a button. */
export function useDragItem<Item>(id: string, item: Item) {
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({ id, data: { item } });
  return { handle: { ref: setNodeRef, ...attributes, ...listeners }, isDragging };
}

/** For the place: `isOver` while what is dragged would drop here, `isDragging` while anything is on its way. */
export function useDropPlace<Place>(id: string, place: Place) {
  const { setNodeRef, isOver, active } = useDroppable({ id, data: { place } });
  return { ref: setNodeRef, isOver, isDragging: active !== null };
}
