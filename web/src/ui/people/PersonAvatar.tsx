import { Avatar } from '@mantine/core';
import { personName, type Named } from './personName';

const hues = ['indigo', 'teal', 'grape', 'orange', 'cyan', 'pink', 'violet', 'green'];

/** Initials on a quiet colour that stays the same for the same person. */
export function PersonAvatar({ person, size = 24 }: { person: Named; size?: number }) {
  const name = personName(person);
  const letters = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter((w) => w !== '')
    .slice(0, 2)
    .map((w) => [...w][0]?.toUpperCase())
    .join('');
  return (
    <Avatar size={size} radius="50%" color={hues[person.id % hues.length] ?? 'indigo'} aria-hidden fz={size * 0.4}>
      {letters}
    </Avatar>
  );
}
