import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { branchText } from '../model/cardText';
import { lane, type Step } from '../model/document';
import { useBuilder } from './context';

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
    <Modal
      opened={step !== null}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      title={t('lane.title')}
    >
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
