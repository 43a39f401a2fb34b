import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { defaultsOf, type OptionDescription } from '@/ui/schemaForm/types';
import { formatNumber } from '@/ui/format';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce, startJob, type BulkAction, type ContactSelection } from './bulk';

type Props = {
  action: BulkAction;
  selection: Partial<ContactSelection>;
  /** How many contacts a person believes are meant. */
  count: number;
  onClose: () => void;
  onDone: () => void;
};

/** More than this, and the number has to be typed before something that cannot be taken back. */
const typeAbove = 10;

/** Pickers hold ids as text; the server wants numbers. */
const withIds = (options: readonly OptionDescription[], settings: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    options
      .filter((o) => settings[o.key] !== undefined && settings[o.key] !== null && settings[o.key] !== '')
      .map((o) => [o.key, o.type === 'reference' ? Number(settings[o.key]) : settings[o.key]]),
  );

const errorsOf = (error: unknown) =>
  Object.fromEntries(Object.entries(fieldErrors(error)).map(([path, text]) => [path.replace(/^settings\./, ''), text]));

/** The form of one bulk action, drawn from its description, and the last look before it begins. */
export function BulkDialog({ action, selection, count, onClose, onDone }: Props) {
  const { t } = useTranslation(['contacts', 'common', 'ui']);
  const options = useMemo(
    () =>
      (action.options as readonly OptionDescription[]).map((o) => ({
        ...o,
        creatable: o.source === 'tag' || o.source === 'list',
      })),
    [action],
  );
  const [settings, setSettings] = useState<Record<string, unknown>>(() => defaultsOf(options));
  const [typed, setTyped] = useState('');
  const ready = options.every((o) => !o.required || (settings[o.key] !== undefined && settings[o.key] !== null));
  const needsTyping = action.is_destructive && count > typeAbove;
  const run = useMutation({
    mutationFn: () =>
      startJob(action.key, withIds(options, settings), selection, action.is_destructive ? count : undefined),
    onSuccess: (job) => {
      if (job) announce(job, t);
      onDone();
    },
  });
  const errors = errorsOf(run.error);
  const known = options.some((o) => errors[o.key] !== undefined);
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened
      onClose={onClose}
      title={t('bulk.title', { action: action.title, count, n: formatNumber(count) })}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) run.mutate();
        }}
      >
        <Stack gap="md">
          {run.error && !known ? (
            <Alert color="red" role="alert">
              {problemText(toProblem(run.error)).text}
            </Alert>
          ) : null}
          <Text size="sm" c="dimmed">
            {action.description}
          </Text>
          <SchemaFormContext value={accountForms}>
            <SchemaForm options={options} values={settings} onChange={setSettings} errors={errors} />
          </SchemaFormContext>
          <Text size="xs" c="dimmed">
            {t(action.can_undo ? 'bulk.can_undo' : 'bulk.cannot_undo')}
          </Text>
          {needsTyping ? (
            <TextInput
              label={t('confirm.type', { ns: 'ui', text: String(count) })}
              value={typed}
              inputMode="numeric"
              onChange={(e) => setTyped(e.currentTarget.value)}
            />
          ) : null}
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose} data-autofocus={action.is_destructive || undefined}>
            {t('common:cancel')}
          </Button>
          <Button
            type="submit"
            color={action.is_destructive ? 'red' : 'indigo'}
            loading={run.isPending}
            disabled={!ready || (needsTyping && typed !== String(count))}
          >
            {t('bulk.confirm', { action: action.title, count, n: formatNumber(count) })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
