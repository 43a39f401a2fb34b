import { useWaiting } from '@/api/resilience';
import { Alert } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function BusyBanner() {
  const { t } = useTranslation('shell');
  const busy = useWaiting((s) => s.busy > 0);
  return (
    <div role="status">
      {busy ? (
        <Alert color="yellow" radius={0} py={8} icon={<IconClockPause size={18} aria-hidden />}>
          {t('busy')}
        </Alert>
      ) : null}
    </div>
  );
}
