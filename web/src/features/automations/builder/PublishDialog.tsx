import { ErrorState } from '@/ui/ErrorState';
import { Alert, Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { previewPublish } from '../api/automations';
import type { AutomationProblem } from '../model/problems';
import { useBuilder } from './context';
import { MoveList } from './MoveList';
import { StandingChoice } from './StandingChoice';

type Props = {
  opened: boolean;
  active: boolean;
  busy: boolean;
  /** The server must hold what is on the screen before it can say what publishing does. */
  save: () => Promise<boolean>;
  onClose: () => void;
  /** @param admit Contacts that match already come in too. */
  onPublish: (activate: boolean, admit: boolean) => void;
  warnings: readonly AutomationProblem[];
};

/** What publishing does to the people inside, by name and number, and to those who come. */
export function PublishDialog({ opened, active, busy, save, onClose, onPublish, warnings }: Props) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const preview = useQuery({
    queryKey: ['automations', automationId, 'publish-preview'],
    queryFn: async () => {
      await save();
      return previewPublish(automationId);
    },
    enabled: opened,
    gcTime: 0,
  });
  const [admit, setAdmit] = useState(false);
  const moves = preview.data?.inside ?? [];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={t('publish.title')}
      size="lg"
    >
      <Stack gap="md">
        <Text size="sm">{active ? t('publish.text_active') : t('publish.text')}</Text>
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
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel', { ns: 'common' })}
          </Button>
          {active ? null : (
            <Button variant="default" loading={busy} onClick={() => onPublish(false, false)}>
              {t('publish.only')}
            </Button>
          )}
          <Button data-autofocus loading={busy} onClick={() => onPublish(true, admit)}>
            {active ? t('publish.button') : t('publish.activate')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
