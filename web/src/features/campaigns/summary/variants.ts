import { client } from '@/api/client';
import { toastProblem } from '@/ui/toasts';
import { useState } from 'react';
import type { Campaign, Variant } from '../api';
import { useChanged } from './useSave';

export const envelopeOf = (v: Variant) => ({
  subject: v.subject,
  preheader: v.preheader,
  from_name: v.from_name,
  from_address: v.from_address,
  reply_to: v.reply_to,
  share: v.share,
});

export type Envelope = ReturnType<typeof envelopeOf> & { no: number };

/** Saves what stands above the mails: one request for each variant that changed. */
export function useSaveVariants(campaign: Campaign, onDone: () => void) {
  const [saving, setSaving] = useState(false);
  const changed = useChanged();
  const run = async (drafts: readonly Envelope[], after?: () => void) => {
    setSaving(true);
    try {
      let last: Campaign | undefined;
      for (const { no, ...body } of drafts) {
        const now = campaign.variants.find((v) => v.no === no);
        if (now && JSON.stringify(envelopeOf(now)) === JSON.stringify(body)) continue;
        const answer = await client.PUT('/api/app/campaigns/{id}/variants/{no}', {
          params: { path: { id: campaign.id, no } },
          body,
        });
        last = answer.data ?? last;
      }
      if (last) await changed(last);
      if (after) after();
      else onDone();
    } catch (problem) {
      toastProblem(problem);
    } finally {
      setSaving(false);
    }
  };
  return { saving, run: (drafts: readonly Envelope[], after?: () => void) => void run(drafts, after) };
}
