import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toasts';
import type { AutomationSummary } from '../api/types';
import { LabelChip } from './LabelChip';
import { useLabelCommands, useLabels } from './useLabels';

type Props = { rows: readonly AutomationSummary[]; onClose: () => void };

/** Which labels one or several automations bear; what some have and others have not stays so until it is touched. */
export function AssignLabels({ rows, onClose }: Props) {
  const { t } = useTranslation(['builder', 'common']);
  return (
    <Modal
      opened={rows.length > 0}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={
        rows.length === 1 ? t('labels.of', { name: rows[0]?.name ?? '' }) : t('labels.of_many', { count: rows.length })
      }
    >
      {rows.length > 0 ? <Choice rows={rows} onClose={onClose} /> : null}
    </Modal>
  );
}

function Choice({ rows, onClose }: Props) {
  const { t } = useTranslation(['builder', 'common']);
  const labels = useLabels();
  const { assign, create } = useLabelCommands();
  const [touched, setTouched] = useState<ReadonlyMap<number, boolean>>(new Map());
  const [name, setName] = useState('');
  const bearing = (id: number) => rows.filter((r) => r.labels.includes(id)).length;
  const set = (id: number, on: boolean) => setTouched((before) => new Map(before).set(id, on));
  const words = name.trim().toLowerCase();
  const shown = labels.filter((l) => l.name.toLowerCase().includes(words));
  const isNew = words !== '' && !labels.some((l) => l.name.toLowerCase() === words);
  const save = () =>
    assign.mutate(
      {
        automations: rows.map((r) => r.id),
        add: [...touched].filter(([, on]) => on).map(([id]) => id),
        remove: [...touched].filter(([, on]) => !on).map(([id]) => id),
      },
      {
        onSuccess: ({ changed }) => {
          toast(t('labels.done', { count: changed }));
          onClose();
        },
      },
    );
  const make = () =>
    create.mutate(
      { name: name.trim(), colour: 'gray' },
      {
        onSuccess: ({ id }) => {
          set(id, true);
          setName('');
        },
      },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isNew) make();
        else save();
      }}
    >
      <TextInput
        data-autofocus
        mb="sm"
        maxLength={100}
        aria-label={t('labels.find')}
        placeholder={t('labels.find')}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <Stack gap={10} mah={320} style={{ overflowY: 'auto' }}>
        {shown.map((label) => {
          const has = bearing(label.id);
          const on = touched.get(label.id) ?? has === rows.length;
          return (
            <Checkbox
              key={label.id}
              checked={on}
              indeterminate={!touched.has(label.id) && has > 0 && has < rows.length}
              onChange={(e) => set(label.id, e.currentTarget.checked)}
              label={<LabelChip label={label} />}
            />
          );
        })}
        {isNew ? (
          <Button
            type="button"
            variant="subtle"
            justify="flex-start"
            leftSection={<IconPlus size={16} aria-hidden />}
            loading={create.isPending}
            onClick={make}
          >
            {t('labels.create_name', { name: name.trim() })}
          </Button>
        ) : null}
        {labels.length === 0 && !isNew ? (
          <Text size="sm" c="dimmed">
            {t('labels.none')}
          </Text>
        ) : null}
      </Stack>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('cancel', { ns: 'common' })}
        </Button>
        <Button type="button" disabled={touched.size === 0} loading={assign.isPending} onClick={save}>
          {t('labels.save')}
        </Button>
      </Group>
    </form>
  );
}
