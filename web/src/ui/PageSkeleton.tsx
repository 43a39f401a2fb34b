import { Skeleton, Stack } from '@mantine/core';
import classes from './page.module.css';

/** In the shape of a page: a title, a bar, rows. */
export const PageSkeleton = () => (
  <Stack className={classes.page} gap="md" aria-busy="true">
    <Skeleton height={26} width={180} />
    <Skeleton height={32} width={320} />
    <Skeleton height={320} />
  </Stack>
);
