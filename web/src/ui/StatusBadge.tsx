import { Badge } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsSplit,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconTrophy,
  type Icon,
} from '@tabler/icons-react';

export type Tone = 'good' | 'waiting' | 'bad' | 'quiet' | 'goal' | 'decision';

const looks: Record<Tone, { color: string; icon: Icon }> = {
  good: { color: 'teal', icon: IconCircleCheck },
  waiting: { color: 'yellow', icon: IconClock },
  bad: { color: 'red', icon: IconAlertTriangle },
  quiet: { color: 'gray', icon: IconCircleDashed },
  goal: { color: 'grape', icon: IconTrophy },
  decision: { color: 'orange', icon: IconArrowsSplit },
};

/** Colour, icon and word, so that none carries the meaning alone. */
export function StatusBadge({ tone, label }: { tone: Tone; label: string }) {
  const { color, icon: Icon } = looks[tone];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />}>
      {label}
    </Badge>
  );
}
