import { ActionIcon, Group } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './plan.module.css';

/** One entry of a list with its remove button. */
export function Row({ children, name, onRemove }: { children: ReactNode; name: string; onRemove: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <li className={classes.row}>
      <Group align="start" gap="sm" wrap="wrap" flex={1}>
        {children}
      </Group>
      <ActionIcon variant="subtle" color="gray" mt={24} aria-label={t('plan.remove', { name })} onClick={onRemove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}
