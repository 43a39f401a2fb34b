import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18n from 'i18next';
import { problemText } from './problemText';

/** How long "Undo" stands, in milliseconds. */
export const undoTime = 10_000;

const closable = () => ({ closeButtonProps: { 'aria-label': i18n.t('close', { ns: 'common' }) } });

export const toast = (message: string) => notifications.show({ ...closable(), message, color: 'teal', role: 'status' });

/** After a reversible write. `undo` is a real inverse request. */
export function toastUndo(message: string, undo: () => void) {
  const id = notifications.show({
    ...closable(),
    autoClose: undoTime,
    color: 'indigo',
    role: 'status',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {i18n.t('undo', { ns: 'ui' })}
        </Button>
      </Group>
    ),
  });
}

/** What was done, with something in it that one should look at. */
export const toastWarning = (title: string, message: string) =>
  notifications.show({ ...closable(), title, message, color: 'yellow', role: 'status', autoClose: undoTime });

/** For a write that failed and whose form cannot show it. */
export function toastProblem(error: unknown) {
  const { title, text } = problemText(error);
  notifications.show({ ...closable(), title, message: text, color: 'red', role: 'alert', autoClose: undoTime });
}
