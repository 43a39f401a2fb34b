import { client } from '@/api/client';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { personName, type Named } from '@/ui/people/personName';
import { toast, toastProblem } from '@/ui/toasts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { contactListKey } from './contactList';

type Props = { contacts: readonly Named[]; onClose: () => void; onDone: () => void };

/** Asks before a contact is deleted for good, naming what goes with it; many are deleted by a bulk action. */
export function DeleteContacts({ contacts, onClose, onDone }: Props) {
  const { t } = useTranslation('contacts');
  const queryClient = useQueryClient();
  const one = contacts[0];
  const remove = async () => {
    try {
      if (one) await client.DELETE('/api/app/contacts/{id}', { params: { path: { id: one.id } } });
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
      title={one ? t('delete.title_one', { name: personName(one) }) : ''}
      effect={t('delete.effect', { count: contacts.length })}
      confirmLabel={t('delete.confirm', { count: contacts.length })}
      danger
      onConfirm={remove}
    />
  );
}
