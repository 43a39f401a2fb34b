import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { IconGripVertical } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './SortableList.module.css';

type Props<T> = {
  label: string;
  items: readonly T[];
  itemId: (item: T) => string;
  /** Names an item for its handle. */
  itemLabel: (item: T) => string;
  onOrder: (items: T[]) => void;
  disabled?: boolean;
  children: (item: T, index: number) => ReactNode;
};

/** A list in an order that people change: by the handle with the pointer, by Space and arrows, or by Alt and arrows. */
export function SortableList<T>({ label, items, itemId, itemLabel, onOrder, disabled, children }: Props<T>) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = items.map(itemId);
  const move = (from: number, to: number) => {
    if (from >= 0 && to >= 0 && to < items.length && from !== to) onOrder(arrayMove([...items], from, to));
  };
  const onDragEnd = ({ active, over }: DragEndEvent) =>
    over && move(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ul className={classes.list} aria-label={label}>
          {items.map((item, index) => (
            <SortableRow
              key={itemId(item)}
              id={itemId(item)}
              label={itemLabel(item)}
              disabled={disabled ?? false}
              onStep={(by) => move(index, index + by)}
            >
              {children(item, index)}
            </SortableRow>
          ))}
        </ul>
      </SortableContext>
    </DndContext>
  );
}

type RowProps = { id: string; label: string; disabled: boolean; onStep: (by: number) => void; children: ReactNode };

function SortableRow({ id, label, disabled, onStep, children }: RowProps) {
  const { t } = useTranslation('ui');
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
    disabled,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      onStep(event.key === 'ArrowUp' ? -1 : 1);
    } else listeners?.['onKeyDown']?.(event);
  };
  return (
    <li
      ref={setNodeRef}
      className={classes.row}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      {disabled ? null : (
        <button
          type="button"
          ref={setActivatorNodeRef}
          className={classes.handle}
          {...attributes}
          {...listeners}
          onKeyDown={onKeyDown}
          aria-label={t('sortable.move', { what: label })}
          title={t('sortable.keys')}
        >
          <IconGripVertical size={16} aria-hidden />
        </button>
      )}
      <div className={classes.content}>{children}</div>
    </li>
  );
}
