import { client } from '@/api/client';
import type { SubscriptionStatus } from '@/ui/people/SubscriptionBadge';
import { toast, toastProblem, toastUndo } from '@/ui/toasts';
import { useTranslation } from 'react-i18next';
import { useProfileCache } from './profile';

type List = { id: number; name: string };

/** Puts a contact on a list or takes it off, at once on the screen. */
export function useSetSubscription(contactId: number) {
  const { t } = useTranslation('contacts');
  const cache = useProfileCache(contactId);

  const set = async (list: List, status: SubscriptionStatus, quiet = false): Promise<void> => {
    const before = cache.get();
    const old = before?.lists.find((l) => l.id === list.id);
    const now = new Date().toISOString();
    const next = {
      subscribed_at: status === 'active' ? now : (old?.subscribed_at ?? null),
      unsubscribed_at: status === 'unsubscribed' ? now : null,
      reason: null,
      source: 'manual',
    };
    cache.set((c) => ({
      ...c,
      lists: [...c.lists.filter((l) => l.id !== list.id), { id: list.id, name: list.name, status, ...next }].sort(
        (a, b) => a.name.localeCompare(b.name),
      ),
    }));
    try {
      await client.PUT('/api/app/contacts/{id}/subscriptions/{listId}', {
        params: { path: { id: contactId, listId: list.id } },
        body: { status },
      });
      const text = t(`lists.done_${status}`, { list: list.name });
      const back = old?.status === 'active' || old?.status === 'unsubscribed' ? old.status : undefined;
      if (!quiet && back) toastUndo(text, () => void set(list, back, true));
      else if (!quiet) toast(text);
    } catch (problem) {
      if (before) cache.set(() => before);
      toastProblem(problem);
    }
    await Promise.all([cache.refresh(), cache.refreshTimeline()]);
  };
  return (list: List, status: 'active' | 'unsubscribed') => void set(list, status);
}
