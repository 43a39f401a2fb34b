import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { toastProblem } from '@/ui/toasts';
import { Button } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** A draft of the same mail for those who did not open it; who that is, is worked out when it is sent. */
export function ResendButton({ campaign }: { campaign: components['schemas']['CampaignView'] }) {
  const { t } = useTranslation('campaignReports');
  const navigate = useNavigate();
  const copy = api.useMutation('post', '/api/app/campaigns/{id}/copy', {
    onSuccess: (made) => void navigate({ to: `/campaigns/${made.id}` as string }),
    onError: toastProblem,
  });
  if ((campaign.type !== 'standard' && campaign.type !== 'split') || campaign.started_at === null) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconMailForward size={16} aria-hidden />}
      loading={copy.isPending}
      onClick={() => copy.mutate({ params: { path: { id: campaign.id } }, body: { resend_to: 'non_openers' } })}
    >
      {t('resend')}
    </Button>
  );
}
