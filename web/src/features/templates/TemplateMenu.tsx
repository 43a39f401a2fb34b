import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconDownload, IconPencil, IconSend, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ownId, type Template } from './templates';

type Props = {
  template: Template;
  manages: boolean;
  onCampaign: () => void;
  onEdit: () => void;
  onDuplicate: () => void;
  onDelete: () => void;
};

/** What else can be done with a template; only the account's own can be changed. */
export function TemplateMenu({ template, manages, onCampaign, onEdit, onDuplicate, onDelete }: Props) {
  const { t } = useTranslation('templates');
  const isOwn = ownId(template) !== null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: template.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {manages ? (
          <Menu.Item leftSection={<IconSend size={16} aria-hidden />} onClick={onCampaign}>
            {t('campaign')}
          </Menu.Item>
        ) : null}
        {isOwn && manages ? (
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
            {t('edit')}
          </Menu.Item>
        ) : null}
        {manages ? (
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={onDuplicate}>
            {t(isOwn ? 'duplicate' : 'copy_to_own')}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<IconDownload size={16} aria-hidden />}
          component="a"
          href={`/api/app/templates/file?template=${encodeURIComponent(template.template)}`}
          download
        >
          {t('export')}
        </Menu.Item>
        {isOwn && manages ? (
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
            {t('delete')}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
