import { useDropPlace } from '@/ui/dnd/DragArea';
import type { DropPlace } from '../actions';
import classes from './canvas.module.css';

/** Between two sections: where one that is dragged falls. */
export function SectionSlot({ index }: { index: number }) {
  const { ref, isOver } = useDropPlace<DropPlace>(`sections:${index}`, { sections: index });
  return <div ref={ref} className={classes.sectionSlot} data-over={isOver || undefined} />;
}
