import { formatInstant } from '@/ui/format';
import { StatusBadge } from '@/ui/StatusBadge';
import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Profile } from './profile';
import { sendable } from './sendable';

/** Can mail reach this contact? The reason stands in the tooltip and is read aloud. */
export function SendableBadge({ contact }: { contact: Pick<Profile, 'email' | 'bounced_at' | 'lists'> }) {
  const { t } = useTranslation('contacts');
  const { tone, key, count } = sendable(contact);
  const day = contact.bounced_at ? formatInstant(new Date(contact.bounced_at)) : '';
  const reason = t(`sendable.${key}.reason`, { count, day });
  return (
    <Tooltip label={reason} multiline maw={300}>
      {/* Focusable, so that the reason is there for the keyboard too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- The badge explains itself in a tooltip, which keys must reach too. */}
      <span tabIndex={0} role="note" aria-label={reason}>
        <StatusBadge tone={tone} label={t(`sendable.${key}.label`)} />
      </span>
    </Tooltip>
  );
}
