import { useDropPlace } from '@/ui/dnd/DragArea';
import type { Place } from '../document/types';
import { AddMenu } from './AddMenu';
import classes from './canvas.module.css';

/** The gap between two blocks: what is dragged falls here, and the + stands here. `space` is the gap's height in the mail. */
export function Slot({ place, space }: { place: Place; space: number }) {
  const { ref, isOver, isDragging } = useDropPlace(`${place.column}:${place.index}`, place);
  return (
    <div
      ref={ref}
      className={classes.slot}
      style={{ height: space }}
      data-over={isOver || undefined}
      data-dragging={isDragging || undefined}
    >
      <AddMenu place={place} />
    </div>
  );
}
