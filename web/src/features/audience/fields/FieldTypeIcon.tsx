import {
  IconAlignLeft,
  IconCalendar,
  IconCalendarClock,
  IconCheckbox,
  IconCircleDot,
  IconCoin,
  IconEyeOff,
  IconLanguage,
  IconListCheck,
  IconNumbers,
  IconSelect,
  IconTypography,
  type Icon,
} from '@tabler/icons-react';
import classes from './fields.module.css';
import type { FieldType } from './useFields';

const icons: Record<FieldType, Icon> = {
  text: IconTypography,
  textarea: IconAlignLeft,
  number: IconNumbers,
  currency: IconCoin,
  date: IconCalendar,
  datetime: IconCalendarClock,
  dropdown: IconSelect,
  radio: IconCircleDot,
  listbox: IconListCheck,
  checkbox: IconCheckbox,
  language: IconLanguage,
  hidden: IconEyeOff,
};

export function FieldTypeIcon({ type }: { type: FieldType }) {
  const Icon = icons[type];
  return (
    <span className={classes.icon}>
      <Icon size={16} stroke={1.6} aria-hidden />
    </span>
  );
}
