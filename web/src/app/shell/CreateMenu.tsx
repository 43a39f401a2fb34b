import { allows, type Session } from '@/api/session';
import { keysText } from '@/ui/shortcutKeys';
import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { createEntries } from '../features';

export function CreateMenu({ session }: { session: Session }) {
  const { t } = useTranslation(['shell', 'nav']);
  const navigate = useNavigate();
  const entries = createEntries.filter((e) => allows(session, e.permission));
  if (entries.length === 0) return null;
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon size={32} aria-label={t('create')}>
          <IconPlus size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map((entry) => (
          <Menu.Item
            key={entry.key}
            leftSection={<entry.icon size={16} aria-hidden />}
            rightSection={
              entry.create ? (
                <Text size="xs" c="dimmed">
                  {keysText(`c ${entry.create}`)}
                </Text>
              ) : null
            }
            onClick={() => void navigate({ to: entry.to, search: entry.search ?? {} })}
          >
            {t(entry.key, { ns: 'nav' })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
