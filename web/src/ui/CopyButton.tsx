import { ActionIcon, CopyButton as MantineCopy } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Copies `value`; `label` says what it is ("trace id"). */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation('ui');
  return (
    <MantineCopy value={value} timeout={1500}>
      {({ copied, copy }) => (
        // A title and not a tooltip: this stands in every panel that failed, and tooltips weigh 16 kB in the first load.
        <ActionIcon
          variant="subtle"
          color={copied ? 'teal' : 'gray'}
          onClick={copy}
          aria-label={t('copy', { what: label })}
          title={copied ? t('copied') : t('copy', { what: label })}
        >
          {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        </ActionIcon>
      )}
    </MantineCopy>
  );
}
