import { client } from '@/api/client';
import { toastProblem, toastUndo } from '@/ui/toasts';
import { useTranslation } from 'react-i18next';
import { useProfileCache, type Profile } from './profile';

type Tag = Pick<Profile['tags'][number], 'id' | 'name'>;

const byName = (a: Tag, b: Tag) => a.name.localeCompare(b.name);

/** Tags change on the screen at once; a refusal takes the change back, and both ways can be undone. */
export function useContactTags(contactId: number) {
  const { t } = useTranslation('contacts');
  const cache = useProfileCache(contactId);

  const show = (tag: Tag) =>
    cache.set((c) => ({
      ...c,
      tags: [...c.tags.filter((x) => x.name !== tag.name), { ...tag, tagged_at: new Date().toISOString() }].sort(
        byName,
      ),
    }));
  const hide = (name: string) => cache.set((c) => ({ ...c, tags: c.tags.filter((x) => x.name !== name) }));
  const settle = () => Promise.all([cache.refresh(), cache.refreshTimeline()]);

  const add = async (name: string, quiet = false) => {
    // Until the server says which, the new tag has no number.
    show({ id: 0, name });
    try {
      const { data } = await client.POST('/api/app/contacts/{id}/tags', {
        params: { path: { id: contactId } },
        body: { name },
      });
      if (data) {
        hide(name);
        show(data);
        if (!quiet) toastUndo(t('tags.added', { tag: data.name }), () => void remove(data, true));
      }
    } catch (problem) {
      hide(name);
      toastProblem(problem);
    }
    await settle();
  };

  const remove = async (tag: Tag, quiet = false) => {
    hide(tag.name);
    try {
      await client.DELETE('/api/app/contacts/{id}/tags/{tagId}', {
        params: { path: { id: contactId, tagId: tag.id } },
      });
      if (!quiet) toastUndo(t('tags.removed', { tag: tag.name }), () => void add(tag.name, true));
    } catch (problem) {
      show(tag);
      toastProblem(problem);
    }
    await settle();
  };

  return { add: (name: string) => void add(name), remove: (tag: Tag) => void remove(tag) };
}
