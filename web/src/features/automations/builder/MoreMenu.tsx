import { AppLink } from '@/ui/AppLink';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChartLine,
  IconDots,
  IconDownload,
  IconHistory,
  IconHourglass,
  IconSettings,
  IconUserPlus,
  IconUsers,
  IconUsersPlus,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBuilder } from './context';

type Props = { active: boolean; onAddContact: () => void; onAdmit: () => void; onExport: () => void };

/** What is needed now and then. */
export function MoreMenu({ active, onAddContact, onAdmit, onExport }: Props) {
  const { t } = useTranslation(['automations', 'builder']);
  const { store, automationId } = useBuilder();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('menu')}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserPlus size={16} aria-hidden />} disabled={!active} onClick={onAddContact}>
          {t('actions.add_contact')}
        </Menu.Item>
        <Menu.Item leftSection={<IconUsersPlus size={16} aria-hidden />} disabled={!active} onClick={onAdmit}>
          {t('standing.title')}
        </Menu.Item>
        <Menu.Item
          component={AppLink}
          to={`/automations/${automationId}/report`}
          leftSection={<IconChartLine size={16} aria-hidden />}
        >
          {t('report.menu')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconUsers size={16} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'people', step: null })}
        >
          {t('people.title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconAlertTriangle size={16} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'people', step: null, status: 'parked' })}
        >
          {t('people.parked_title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHourglass size={16} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'waiting' })}
        >
          {t('waiting_title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHistory size={16} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'versions' })}
        >
          {t('versions.title', { ns: 'builder' })}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={onExport}>
          {t('actions.export')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSettings size={16} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'settings' })}
        >
          {t('settings.title')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
