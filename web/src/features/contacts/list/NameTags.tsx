import { Badge, Text } from '@mantine/core';
import { formatNumber } from '@/ui/format';
import classes from './list.module.css';

const shown = 3;

/** Some names as chips in one line, and how many more there are. */
export const NameTags = ({ names }: { names: readonly string[] }) => (
  <span className={classes.chips} title={names.join(', ')}>
    {names.slice(0, shown).map((name) => (
      <Badge key={name} size="sm" color="gray" className={classes.chip}>
        {name}
      </Badge>
    ))}
    {names.length > shown ? (
      <Text span size="xs" c="dimmed">
        +{formatNumber(names.length - shown)}
      </Text>
    ) : null}
  </span>
);
