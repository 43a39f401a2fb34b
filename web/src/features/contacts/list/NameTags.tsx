import { Badge, Text } from '@mantine/core';
import { formatNumber } from '@/ui/format';
import classes from './list.module.css';

const most = 3;
/** Letters that fit side by side in a column of the usual width; more of them would all be cut short. */
const letters = 20;

/** How many names stand whole in one line; one at least. */
function fitting(names: readonly string[]): number {
  let left = letters;
  const cut = names.findIndex((name, i) => i >= most || (left -= name.length + 2) < 0);
  return Math.max(1, cut < 0 ? names.length : cut);
}

/** Some names as chips in one line, and how many more there are. */
export function NameTags({ names }: { names: readonly string[] }) {
  const shown = fitting(names);
  return (
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
}
