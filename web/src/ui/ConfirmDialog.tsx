import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Effect = {
  /** The object's name and what is done: "Delete the list News". */
  title: string;
  /** The exact effect in numbers: "1,204 contacts leave the list." */
  effect: ReactNode;
  /** A verb with its object: "Delete list". */
  confirmLabel: string;
  /** Ask to type this first. */
  typed?: string;
  danger?: boolean;
  onConfirm: () => unknown;
};

/** For what cannot be undone. The safe button has the focus. */
export function ConfirmDialog({ opened, onClose, ...e }: Effect & { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['ui', 'common']);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const close = () => {
    setText('');
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await e.onConfirm();
      close();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={e.title}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Text size="sm">{e.effect}</Text>
      {e.typed === undefined ? null : (
        <TextInput
          mt="md"
          label={t('confirm.type', { text: e.typed })}
          value={text}
          onChange={(x) => setText(x.currentTarget.value)}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={close}>
          {t('cancel', { ns: 'common' })}
        </Button>
        <Button
          color={e.danger ? 'red' : 'indigo'}
          loading={busy}
          disabled={e.typed !== undefined && text !== e.typed}
          onClick={() => void confirm()}
        >
          {e.confirmLabel}
        </Button>
      </Group>
    </Modal>
  );
}

/** A button that opens the dialog. */
export function ConfirmButton({ children, ...effect }: Effect & { children: ReactNode }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" {...(effect.danger ? { c: 'var(--mantine-color-error)' } : {})} onClick={open}>
        {children}
      </Button>
      <ConfirmDialog opened={opened} onClose={close} {...effect} />
    </>
  );
}
