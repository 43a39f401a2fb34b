import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Puts one contact in by hand. */
export function AddContactDialog({
  opened,
  busy,
  onClose,
  onAdd,
}: {
  opened: boolean;
  busy: boolean;
  onClose: () => void;
  onAdd: (contact: string) => void;
}) {
  const { t } = useTranslation('automations');
  const [values, setValues] = useState<string[]>([]);
  const contact = values[0];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={t('add_contact.title')}
    >
      <ReferencePicker
        label={t('add_contact.label')}
        description={t('add_contact.help')}
        source="contact"
        multiple={false}
        creatable={false}
        values={values}
        onChange={setValues}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('cancel', { ns: 'common' })}
        </Button>
        <Button disabled={contact === undefined} loading={busy} onClick={() => contact !== undefined && onAdd(contact)}>
          {t('add_contact.button')}
        </Button>
      </Group>
    </Modal>
  );
}
