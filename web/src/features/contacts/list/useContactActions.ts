import { allows, useSession } from '@/api/session';
import type { RowAction } from '@/ui/grid/types';
import { toast } from '@/ui/toasts';
import { IconCopy, IconEye, IconTrash, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ContactRow } from './contactList';

type Does = Record<'open' | 'peek' | 'remove', (contact: ContactRow) => void>;

/** The menu of a row. */
export function useContactActions({ open, peek, remove }: Does): (contact: ContactRow) => RowAction[] {
  const { t } = useTranslation('contacts');
  const manages = allows(useSession(), 'manage_contacts');
  const copy = (email: string) => navigator.clipboard.writeText(email).then(() => toast(t('row.copied', { email })));
  return (contact) => [
    { id: 'open', label: t('row.open'), icon: IconUser, run: () => open(contact) },
    { id: 'peek', label: t('row.peek'), icon: IconEye, run: () => peek(contact) },
    {
      id: 'copy',
      label: t('row.copy'),
      icon: IconCopy,
      run: () => contact.email && void copy(contact.email),
      ...(contact.email ? {} : { disabledReason: t('no_email') }),
    },
    {
      id: 'delete',
      label: t('row.delete'),
      icon: IconTrash,
      danger: true,
      run: () => remove(contact),
      ...(manages ? {} : { disabledReason: t('may_not_manage') }),
    },
  ];
}
