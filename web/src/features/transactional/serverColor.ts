const known = ['blue', 'cyan', 'grape', 'green', 'indigo', 'orange', 'pink', 'red', 'teal', 'violet', 'yellow'];

/** The colour of a server's mark; programs may have chosen words that we do not know. */
export const serverColor = (color: string) =>
  `var(--mantine-color-${known.includes(color.toLowerCase()) ? color.toLowerCase() : 'indigo'}-7)`;
