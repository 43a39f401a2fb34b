import { Text, Timeline as MantineTimeline } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { When } from './When';

export type TimelineEntry = {
  id: string;
  icon: Icon;
  title: ReactNode;
  at: string;
  detail?: ReactNode;
  color?: string;
};

/** What happened, newest first. */
export const EventTimeline = ({ entries }: { entries: readonly TimelineEntry[] }) => (
  <MantineTimeline bulletSize={28} lineWidth={1}>
    {entries.map((e) => (
      <MantineTimeline.Item
        key={e.id}
        bullet={<e.icon size={15} aria-hidden />}
        {...(e.color ? { color: e.color } : {})}
        title={<Text size="sm">{e.title}</Text>}
      >
        <Text size="xs" c="dimmed">
          <When at={e.at} />
        </Text>
        {e.detail}
      </MantineTimeline.Item>
    ))}
  </MantineTimeline>
);
