import { Button, Tooltip } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** From the builder to the simulator, with what was just typed. */
export function SimulateButton({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation('simulator');
  return (
    <Tooltip label={t('open_help')}>
      <Button variant="default" size="xs" leftSection={<IconFlask size={14} aria-hidden />} onClick={onOpen}>
        {t('open')}
      </Button>
    </Tooltip>
  );
}
