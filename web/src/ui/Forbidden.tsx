import { Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './EmptyState.module.css';

/** In place of a page the user may not see; names the permission. */
export function Forbidden({ permission }: { permission?: string }) {
  const { t } = useTranslation('shell');
  return (
    <Stack align="center" gap="md" py={80} px="md" ta="center">
      <div className={classes.mark}>
        <IconLock size={26} aria-hidden />
      </div>
      <Title order={1} tabIndex={-1}>
        {t('forbidden.title')}
      </Title>
      <Text c="dimmed" maw={460}>
        {permission ? t('forbidden.text', { permission }) : t('forbidden.unnamed')}
      </Text>
    </Stack>
  );
}
