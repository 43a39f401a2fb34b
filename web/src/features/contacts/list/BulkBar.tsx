import { usePageActions } from '@/ui/pageActions';
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconMail, IconMailOff, IconTag, IconTagOff, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkDialog, type BulkKind } from './BulkDialog';
import type { ContactRow } from './contactList';
import classes from './list.module.css';

type Props = { contacts: readonly ContactRow[]; onDone: () => void; onDelete: () => void };

const kinds = [
  { kind: 'add_tag', icon: IconTag, keys: 'l' },
  { kind: 'remove_tag', icon: IconTagOff },
  { kind: 'subscribe', icon: IconMail },
  { kind: 'unsubscribe', icon: IconMailOff },
] as const;

/** What can be done with the chosen contacts; stands above the list while some are. */
export function BulkBar({ contacts, onDone, onDelete }: Props) {
  const { t } = useTranslation('contacts');
  const [kind, setKind] = useState<BulkKind | null>(null);
  usePageActions([
    ...kinds.map((k) => ({
      id: `bulk.${k.kind}`,
      label: t(`bulk.${k.kind}.button`),
      icon: k.icon,
      run: () => setKind(k.kind),
      ...('keys' in k ? { keys: k.keys } : {}),
    })),
    { id: 'bulk.delete', label: t('bulk.delete'), icon: IconTrash, run: onDelete },
  ]);
  return (
    <section className={classes.bar} aria-label={t('bulk.label')}>
      <Text size="sm" fw={600} className="tabular">
        {t('ui:grid.selected', { count: contacts.length })}
      </Text>
      <span className={classes.rule} />
      {kinds.map(({ kind: k, icon: Icon }) => (
        <Button
          key={k}
          size="compact-md"
          variant="subtle"
          color="gray"
          c="inherit"
          fw={500}
          leftSection={<Icon size={16} aria-hidden />}
          onClick={() => setKind(k)}
        >
          {t(`bulk.${k}.button`)}
        </Button>
      ))}
      <Button
        size="compact-md"
        variant="subtle"
        color="red"
        c="var(--mantine-color-error)"
        fw={500}
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={onDelete}
      >
        {t('bulk.delete')}
      </Button>
      <span className={classes.rule} />
      <ActionIcon variant="subtle" color="gray" aria-label={t('bulk.clear')} onClick={onDone}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
      {kind === null ? null : (
        <BulkDialog kind={kind} contacts={contacts} onClose={() => setKind(null)} onDone={onDone} />
      )}
    </section>
  );
}
