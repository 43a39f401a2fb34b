import { Group, Stack, Text } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

type Props = {
  icon: Icon;
  /** What is not here yet. */
  title: string;
  /** One sentence what the thing is for. */
  text: string;
  /** The first action, as a button. */
  action?: ReactNode;
  /** A second way: import, template, example. */
  second?: ReactNode;
};

export const EmptyState = ({ icon: Icon, title, text, action, second }: Props) => (
  <Stack align="center" gap="sm" py={48} px="md" ta="center">
    <div className={classes.mark}>
      <Icon size={26} stroke={1.5} aria-hidden />
    </div>
    <Text fw={600} size="lg">
      {title}
    </Text>
    <Text size="sm" c="dimmed" maw={440}>
      {text}
    </Text>
    {action || second ? (
      <Group mt="xs" justify="center">
        {action}
        {second}
      </Group>
    ) : null}
  </Stack>
);
