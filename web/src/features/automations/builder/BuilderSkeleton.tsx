import { Skeleton, Stack } from '@mantine/core';

/** In the shape of a canvas. */
export const BuilderSkeleton = () => (
  <Stack gap={64} align="center" pt={120} aria-busy="true">
    {[1, 2, 3, 4].map((i) => (
      <Skeleton key={i} height={72} width={248} radius="md" />
    ))}
  </Stack>
);
