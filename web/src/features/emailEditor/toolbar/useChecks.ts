import { api } from '@/api/client';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useEditor } from '../document/store';
import { toInput } from '../saving/content';

/** What the server has to say of the mail as it stands: at once when the typing pauses, and what takes its time when asked. */
export function useChecks() {
  const content = useEditor((s) => s.content);
  const [settled] = useDebouncedValue(content, 900);
  const body = useMemo(() => ({ message: toInput({ ...settled, name: settled.name || 'Checks' }) }), [settled]);
  const quick = api.useQuery(
    'post',
    '/api/app/messages/checks',
    { body },
    { staleTime: 60_000, gcTime: 60_000, placeholderData: keepPreviousData, retry: false },
  );
  const slow = api.useMutation('post', '/api/app/messages/checks/slow');
  return { quick, slow, look: () => slow.mutate({ body }) };
}
