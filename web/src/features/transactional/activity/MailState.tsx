import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { useTranslation } from 'react-i18next';

const tones: Record<string, Tone> = {
  queued: 'waiting',
  delivered: 'good',
  bounced: 'bad',
  complained: 'bad',
  unknown: 'bad',
};

/** Where a mail, or one recipient's copy, stands. */
export function MailState({ state }: { state: string }) {
  const { t } = useTranslation('transactional');
  return <StatusBadge tone={tones[state] ?? 'quiet'} label={t(`state.${state}`)} />;
}
