import { formatNumber } from '@/ui/format';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { branchText } from '../model/cardText';
import { lane, type Step } from '../model/document';
import { allIds } from '../model/operations';
import type { AutomationProblem } from '../model/problems';
import { useBuilder, useBuilderState, useLive } from './context';

/** A step with branches goes: which of them stays? */
export function LaneDialog({
  step,
  onClose,
  onKeep,
}: {
  step: Step | null;
  onClose: () => void;
  onKeep: (branch?: string) => void;
}) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  return (
    <Modal opened={step !== null} onClose={onClose} title={t('lane.title')}>
      <Text size="sm" mb="md">
        {t('lane.text')}
      </Text>
      <Stack gap="sm">
        {(step ? index.branchesOf(step) : []).map((branch) => (
          <Button
            key={branch}
            variant="default"
            justify="space-between"
            onClick={() => onKeep(branch)}
            rightSection={<Count steps={step ? lane(step, branch).length : 0} />}
          >
            {t('lane.keep', { branch: branchText(branch, t) })}
          </Button>
        ))}
        <Button color="red" variant="light" onClick={() => onKeep()}>
          {t('lane.none')}
        </Button>
      </Stack>
    </Modal>
  );
}

function Count({ steps }: { steps: number }) {
  const { t } = useTranslation('automations');
  return (
    <Text size="xs" c="dimmed" component="span">
      {t('lane.steps', { count: steps })}
    </Text>
  );
}

type PublishProps = {
  opened: boolean;
  active: boolean;
  busy: boolean;
  onClose: () => void;
  onPublish: (activate: boolean) => void;
  warnings: readonly AutomationProblem[];
};

/** What publishing does to the people inside, and to those who come. */
export function PublishDialog({ opened, active, busy, onClose, onPublish, warnings }: PublishProps) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { counts } = useLive();
  const document = useBuilderState((s) => s.document);
  const ids = allIds(document, index.branchesOf);
  const here = Object.entries(counts?.steps ?? {}).filter(([, c]) => c.waiting > 0);
  const sum = (rows: typeof here) => rows.reduce((total, [, c]) => total + c.waiting, 0);
  const [stay, move] = [sum(here.filter(([id]) => ids.has(id))), sum(here.filter(([id]) => !ids.has(id)))];
  return (
    <Modal opened={opened} onClose={onClose} title={t('publish.title')} size="md">
      <Stack gap="md">
        <Text size="sm">{active ? t('publish.text_active') : t('publish.text')}</Text>
        {stay + move > 0 ? (
          <Alert color="indigo" icon={<IconUsers size={18} aria-hidden />}>
            <List size="sm">
              {stay > 0 ? (
                <List.Item>{t('publish.stay', { count: stay, number: formatNumber(stay) })}</List.Item>
              ) : null}
              {move > 0 ? (
                <List.Item>{t('publish.move', { count: move, number: formatNumber(move) })}</List.Item>
              ) : null}
            </List>
          </Alert>
        ) : null}
        {warnings.length > 0 ? (
          <Alert color="yellow" title={t('publish.warnings', { count: warnings.length })}>
            <List size="sm">
              {warnings.slice(0, 6).map((w) => (
                <List.Item key={`${w.path} ${w.code}`}>{w.message}</List.Item>
              ))}
            </List>
          </Alert>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel', { ns: 'common' })}
          </Button>
          {active ? null : (
            <Button variant="default" loading={busy} onClick={() => onPublish(false)}>
              {t('publish.only')}
            </Button>
          )}
          <Button data-autofocus loading={busy} onClick={() => onPublish(true)}>
            {active ? t('publish.button') : t('publish.activate')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

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
    <Modal opened={opened} onClose={onClose} title={t('add_contact.title')}>
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
