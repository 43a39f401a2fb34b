import { api } from '@/api/client';
import { useMemo } from 'react';
import type { Tag } from './RichText';

const none: readonly Tag[] = [];

/** The account's tags that stand for something of the contact or the sender; links of campaigns are left out, for 1:1 e-mails have none. */
export function usePersonalTags(): readonly Tag[] {
  const { data } = api.useQuery('get', '/api/app/personalization-tags', {}, { staleTime: 60_000 });
  return useMemo(() => (data?.tags ?? none).filter((tag) => !/LINK$|^SHARE|^WEBCOPY|^FORWARD/.test(tag.name)), [data]);
}
