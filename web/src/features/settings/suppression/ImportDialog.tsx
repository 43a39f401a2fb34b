import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Imported } from './useImport';

/** A form, and after it what became of the entries. */
export function ImportDialog({
  title,
  done,
  summary,
  onClose,
  children,
}: {
  title: string;
  done: Imported | null;
  summary: (done: Imported) => string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Stack gap="md">
        {done ? (
          <>
            <Alert color="teal" role="status">
              {summary(done)}
            </Alert>
            {done.refused > 0 ? (
              <div>
                <Text size="sm" fw={600}>
                  {t('suppression.refused', { count: done.refused })}
                </Text>
                <List size="sm" mt={4}>
                  {done.examples.slice(0, 8).map((x) => (
                    <List.Item key={x.line}>
                      <Text span ff="monospace" size="xs">
                        {x.entry}
                      </Text>{' '}
                      {x.message}
                    </List.Item>
                  ))}
                </List>
              </div>
            ) : null}
            <Group justify="flex-end">
              <Button onClick={onClose} data-autofocus>
                {t('close', { ns: 'common' })}
              </Button>
            </Group>
          </>
        ) : (
          children
        )}
      </Stack>
    </Modal>
  );
}
