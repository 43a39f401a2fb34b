import { AppLink } from '@/ui/AppLink';
import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';

/** The way out of a page that fills the window. */
export const BackLink = ({ to, label }: { to: string; label: string }) => (
  <ActionIcon component={AppLink} to={to} variant="subtle" color="gray" size="lg" aria-label={label}>
    <IconArrowLeft size={20} aria-hidden />
  </ActionIcon>
);
