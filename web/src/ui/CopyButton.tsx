import { ActionIcon, CopyButton as MantineCopy, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Copies `value`; `label` says what it is ("trace id"). */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation('ui');
  return (
    <MantineCopy value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copied') : t('copy', { what: label })}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={t('copy', { what: label })}
          >
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </MantineCopy>
  );
}

/** A read-only value with its copy button: keys, DNS records, addresses. */
export const CopyField = ({ value, label }: { value: string; label: string }) => (
  <TextInput
    label={label}
    value={value}
    readOnly
    rightSection={<CopyButton value={value} label={label} />}
    onFocus={(e) => e.currentTarget.select()}
  />
);
