import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ImportForm } from './ImportForm';

export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('automations');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('import.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <ImportForm onDone={onClose} />
    </Modal>
  );
}
