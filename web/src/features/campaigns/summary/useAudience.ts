import { api } from '@/api/client';
import type { TFunction } from 'i18next';
import { formatNumber } from '@/ui/format';
import type { AudienceCount } from '../api';

type Rule = {
  id: number;
  list_ids: readonly number[];
  segment_id: number | null;
  exclude_list_ids: readonly number[];
  exclude_segment_id: number | null;
};

/** Who would get it now, and who not. */
export const useAudience = (c: Rule, enabled = true) =>
  api.useQuery(
    'post',
    '/api/app/campaigns/audience',
    {
      body: {
        campaign_id: c.id,
        list_ids: [...c.list_ids],
        segment_id: c.segment_id,
        exclude_list_ids: [...c.exclude_list_ids],
        exclude_segment_id: c.exclude_segment_id,
      },
    },
    { enabled: enabled && c.list_ids.length > 0, staleTime: 30_000, retry: false },
  );

/** "1,363 will not: 1,120 unsubscribed, 243 bounced" */
export function leftOutText(t: TFunction<'campaigns'>, audience: Pick<AudienceCount, 'left_out'>) {
  const count = audience.left_out.reduce((sum, l) => sum + l.count, 0);
  if (count === 0) return '';
  const reasons = audience.left_out
    .map((l) => `${formatNumber(l.count)} ${t(`reason.${l.reason}` as 'reason.bounced', { defaultValue: l.reason })}`)
    .join(', ');
  return t('audience.left_out', { count, reasons });
}
