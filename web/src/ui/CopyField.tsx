import { TextInput } from '@mantine/core';
import { CopyButton } from './CopyButton';

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
