import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Someone else saved: theirs by default, or mine over it. */
export function ConflictDialog({
  opened,
  onTheirs,
  onMine,
}: {
  opened: boolean;
  onTheirs: () => void;
  onMine: () => void;
}) {
  const { t } = useTranslation('automations');
  return (
    <Modal
      opened={opened}
      onClose={onTheirs}
      title={t('conflict.title')}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Text size="sm">{t('conflict.text')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onMine}>
          {t('conflict.mine')}
        </Button>
        <Button data-autofocus onClick={onTheirs}>
          {t('conflict.theirs')}
        </Button>
      </Group>
    </Modal>
  );
}
