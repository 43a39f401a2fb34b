import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconDotsVertical } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export type RowCommand = 'up' | 'down' | 'duplicate';

type Props = { label: string; first: boolean; last: boolean; onCommand: (command: RowCommand) => void };

/** What the keys of a row or group do, for the mouse and for a finger. */
export function RowMenu({ label, first, last, onCommand }: Props) {
  const { t } = useTranslation('conditions');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDotsVertical size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={first}
          leftSection={<IconArrowUp size={14} aria-hidden />}
          rightSection={<kbd>Alt ↑</kbd>}
          onClick={() => onCommand('up')}
        >
          {t('move_up')}
        </Menu.Item>
        <Menu.Item
          disabled={last}
          leftSection={<IconArrowDown size={14} aria-hidden />}
          rightSection={<kbd>Alt ↓</kbd>}
          onClick={() => onCommand('down')}
        >
          {t('move_down')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={14} aria-hidden />}
          rightSection={<kbd>Ctrl D</kbd>}
          onClick={() => onCommand('duplicate')}
        >
          {t('duplicate')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
