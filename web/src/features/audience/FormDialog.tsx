import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props<V extends Record<string, unknown>> = {
  title: string;
  submitLabel: string;
  form: UseFormReturnType<V>;
  /** Where the server's sentence stands when the name is taken. */
  conflictField: keyof V & string;
  send: (values: V) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
};

/** A form in a dialog: sends, shows the server's findings at their fields, closes when it went well. */
export function FormDialog<V extends Record<string, unknown>>(p: Props<V>) {
  const { t } = useTranslation('common');
  const { form } = p;
  const send = useMutation({
    mutationFn: p.send,
    onSuccess: p.onClose,
    onError: (problem) =>
      form.setErrors(
        toProblem(problem).status === 409 ? { [p.conflictField]: problemText(problem).text } : fieldErrors(problem),
      ),
  });
  const problem = send.error && toProblem(send.error);
  const other = problem && problem.errors.length === 0 && problem.status !== 409;
  return (
    <Modal closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }} opened onClose={p.onClose} title={p.title}>
      <form onSubmit={form.onSubmit((values) => send.mutate(values))} noValidate>
        <Stack gap="md">
          {other ? <Alert color="red">{problemText(problem).text}</Alert> : null}
          {p.children}
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={p.onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {p.submitLabel}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
