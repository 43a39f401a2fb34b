import { ActionIcon, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import type { Label } from '../api/types';
import { ColourPicker } from './ColourPicker';
import classes from './labels.module.css';
import { useLabelCommands, useLabels } from './useLabels';

/** Creates, renames, colours and deletes the labels of the account. */
export function ManageLabels({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['builder', 'common']);
  const labels = useLabels();
  const commands = useLabelCommands();
  const [name, setName] = useState('');
  const [colour, setColour] = useState('indigo');
  const [deleting, setDeleting] = useState<Label | null>(null);
  return (
    <>
      <Modal
        opened={opened}
        onClose={onClose}
        title={t('labels.title')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            commands.create.mutate({ name: name.trim(), colour }, { onSuccess: () => setName('') });
          }}
        >
          <Group gap={8} wrap="nowrap" mb="md">
            <ColourPicker value={colour} onChange={setColour} />
            <TextInput
              data-autofocus
              flex={1}
              maxLength={100}
              aria-label={t('labels.new')}
              placeholder={t('labels.new')}
              value={name}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <Button
              type="submit"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={name.trim() === ''}
              loading={commands.create.isPending}
            >
              {t('labels.create')}
            </Button>
          </Group>
        </form>
        {labels.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('labels.none')}
          </Text>
        ) : null}
        <ul className={classes.list}>
          {labels.map((label) => (
            <Row
              key={`${label.id} ${label.name}`}
              label={label}
              onChange={(next) =>
                commands.change.mutate({ id: label.id, name: label.name, colour: label.colour, ...next })
              }
              onDelete={() => setDeleting(label)}
            />
          ))}
        </ul>
      </Modal>
      <ConfirmDialog
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('labels.delete_title', { name: deleting?.name ?? '' })}
        effect={t('labels.delete_effect', { count: deleting?.automations ?? 0 })}
        confirmLabel={t('labels.delete')}
        danger
        onConfirm={() => deleting && commands.remove.mutateAsync(deleting.id)}
      />
    </>
  );
}

type RowProps = { label: Label; onChange: (next: { name?: string; colour?: string }) => void; onDelete: () => void };

function Row({ label, onChange, onDelete }: RowProps) {
  const { t } = useTranslation('builder');
  const [name, setName] = useState(label.name);
  const save = () => {
    const next = name.trim();
    if (next === '') setName(label.name);
    else if (next !== label.name) onChange({ name: next });
  };
  return (
    <li className={classes.row}>
      <ColourPicker value={label.colour} onChange={(colour) => onChange({ colour })} />
      <TextInput
        flex={1}
        size="xs"
        maxLength={100}
        aria-label={t('labels.rename', { name: label.name })}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        onBlur={save}
        onKeyDown={(e) => e.key === 'Enter' && save()}
      />
      <Text size="xs" c="dimmed" w={100} ta="end">
        {t('labels.count', { count: label.automations })}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('labels.delete_name', { name: label.name })}
        onClick={onDelete}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}
