import { api } from '@/api/client';
import type { TemplateTag } from '@/ui/schemaForm/references';
import { useMemo } from 'react';

const none: readonly TemplateTag[] = [];

/** The personalization tags of the account, for the menu of fields that take them; empty until they are there. */
export function useTemplateTags(): readonly TemplateTag[] {
  const { data } = api.useQuery('get', '/api/app/personalization-tags', {}, { staleTime: 60_000 });
  return useMemo(() => data?.tags.map((x) => ({ tag: `%${x.name}%`, label: x.title, group: x.group })) ?? none, [data]);
}
