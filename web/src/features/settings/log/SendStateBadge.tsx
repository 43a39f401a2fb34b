import type { components } from '@/api/schema';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { useTranslation } from 'react-i18next';

type State = components['schemas']['SendState'];
const tones: Record<State, Tone> = {
  queued: 'waiting',
  handoff: 'waiting',
  ambiguous: 'waiting',
  deferred: 'waiting',
  sent: 'good',
  failed: 'bad',
  suppressed: 'quiet',
  cancelled: 'quiet',
  unknown: 'bad',
};

export function SendStateBadge({ state }: { state: State }) {
  const { t } = useTranslation('settings');
  return <StatusBadge tone={tones[state]} label={t(`log.states.${state}`)} />;
}
