import { ErrorState } from '@/ui/ErrorState';
import { Alert, Button, Group, List, Modal, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { previewPublish } from '../api/automations';
import type { Sides } from '../compare/sides';
import type { AutomationProblem } from '../model/problems';
import { useBuilder } from './context';
import { MoveList } from './MoveList';
import { PublishChanges } from './PublishChanges';
import { StandingChoice } from './StandingChoice';

type Props = {
  opened: boolean;
  active: boolean;
  busy: boolean;
  /** What is published now. */
  version: number | null;
  names: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The server must hold what is on the screen before it can say what publishing does. */
  save: () => Promise<boolean>;
  onClose: () => void;
  onCompare: (sides: Sides) => void;
  /** @param admit Contacts that match already come in too. */
  onPublish: (activate: boolean, note: string, admit: boolean) => void;
  warnings: readonly AutomationProblem[];
};

/** What is new, and what publishing does to the people inside, by name and number, and to those who come. */
export function PublishDialog({ opened, onClose, ...props }: Props) {
  const { t } = useTranslation('automations');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={t('publish.title')}
      size="lg"
    >
      {opened ? <Content {...props} onClose={onClose} /> : null}
    </Modal>
  );
}

function Content({
  active,
  busy,
  version,
  names,
  save,
  onClose,
  onCompare,
  onPublish,
  warnings,
}: Omit<Props, 'opened'>) {
  const { t } = useTranslation(['automations', 'builder']);
  const { automationId } = useBuilder();
  const [note, setNote] = useState('');
  const [admit, setAdmit] = useState(false);
  const preview = useQuery({
    queryKey: ['automations', automationId, 'publish-preview'],
    queryFn: async () => {
      await save();
      return previewPublish(automationId);
    },
    gcTime: 0,
    staleTime: 0,
  });
  const moves = preview.data?.inside ?? [];
  return (
    <Stack gap="md">
      <Text size="sm">{active ? t('publish.text_active') : t('publish.text')}</Text>
      {version === null ? null : (
        <PublishChanges version={version} names={names} onCompare={() => onCompare({ from: version, to: 'draft' })} />
      )}
      {preview.isFetching ? <Skeleton height={56} /> : null}
      {preview.error ? <ErrorState error={preview.error} onRetry={() => void preview.refetch()} /> : null}
      {!preview.isFetching && moves.length > 0 ? (
        <Alert color="indigo" icon={<IconUsers size={18} aria-hidden />} title={t('publish.inside')}>
          <MoveList moves={moves} />
        </Alert>
      ) : null}
      {preview.data && !preview.isFetching ? <StandingChoice chosen={admit} onChange={setAdmit} /> : null}
      {warnings.length > 0 ? (
        <Alert color="yellow" title={t('publish.warnings', { count: warnings.length })}>
          <List size="sm">
            {warnings.slice(0, 6).map((w) => (
              <List.Item key={`${w.path} ${w.code}`}>{w.message}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      <Textarea
        label={t('publish_note.label', { ns: 'builder' })}
        description={t('publish_note.help', { ns: 'builder' })}
        autosize
        minRows={1}
        maxRows={5}
        maxLength={1000}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel', { ns: 'common' })}
        </Button>
        {active ? null : (
          <Button variant="default" loading={busy} onClick={() => onPublish(false, note, false)}>
            {t('publish.only')}
          </Button>
        )}
        <Button data-autofocus loading={busy} onClick={() => onPublish(true, note, admit)}>
          {active ? t('publish.button') : t('publish.activate')}
        </Button>
      </Group>
    </Stack>
  );
}
