import { client } from '@/api/client';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { personName, type Named } from '@/ui/people/personName';
import { toast, toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sendBulk } from './bulk';
import { contactListKey } from './contactList';

type Props = { contacts: readonly Named[]; onClose: () => void; onDone: () => void };

/** Asks before contacts are deleted for good, naming what goes with them. */
export function DeleteContacts({ contacts, onClose, onDone }: Props) {
  const { t } = useTranslation('contacts');
  const queryClient = useQueryClient();
  const one = contacts.length === 1 ? contacts[0] : undefined;
  const remove = async () => {
    try {
      if (one) await client.DELETE('/api/app/contacts/{id}', { params: { path: { id: one.id } } });
      else
        await sendBulk(
          { action: 'delete' },
          contacts.map((c) => c.id),
        );
      toast(t('delete.done', { count: contacts.length }));
      onDone();
    } catch (problem) {
      toastProblem(problem);
    }
    await queryClient.invalidateQueries({ queryKey: contactListKey });
  };
  return (
    <ConfirmDialog
      opened={contacts.length > 0}
      onClose={onClose}
      title={one ? t('delete.title_one', { name: personName(one) }) : t('delete.title', { count: contacts.length })}
      effect={t('delete.effect', { count: contacts.length })}
      confirmLabel={t('delete.confirm', { count: contacts.length })}
      {...(contacts.length > 10 ? { typed: String(contacts.length) } : {})}
      danger
      onConfirm={remove}
    />
  );
}
