import { api } from '@/api/client';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useEditor } from '../document/store';
import { toInput } from '../saving/content';

/** The server's rendering of what is being edited, and its warnings; asked for when the typing pauses. */
export function usePreview(contact: number | null, enabled = true) {
  const content = useEditor((s) => s.content);
  const [settled] = useDebouncedValue(content, 500);
  const message = useMemo(() => toInput({ ...settled, name: settled.name || 'Preview' }), [settled]);
  return api.useQuery(
    'post',
    '/api/app/messages/preview',
    { body: { message, contact_id: contact } },
    // The rendered HTML is kept by the server for ten minutes.
    { enabled, staleTime: 300_000, gcTime: 300_000, placeholderData: keepPreviousData },
  );
}

export type PreviewQuery = ReturnType<typeof usePreview>;
