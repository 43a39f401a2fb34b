import { Badge } from '@mantine/core';
import type { Label } from '../api/types';

/** A label as it stands in lists. */
export const LabelChip = ({ label }: { label: Pick<Label, 'name' | 'colour'> }) => (
  <Badge size="sm" color={label.colour} variant="light" maw={180} style={{ flex: 'none' }}>
    {label.name}
  </Badge>
);
