import type { Tone } from '@/ui/StatusBadge';
import type { Campaign } from './api';
import { recurs } from './api';

type Some = Pick<Campaign, 'status' | 'type'>;

const tones: Record<Campaign['status'], Tone> = {
  draft: 'quiet',
  scheduled: 'waiting',
  held: 'bad',
  sending: 'good',
  paused: 'waiting',
  stopped: 'quiet',
  completed: 'good',
};

export const toneOf = (c: Some): Tone => tones[c.status];

/** Key of the word: what recurs and is on is "active". */
export const statusKey = (c: Some) =>
  c.status === 'sending' && (recurs(c) || c.type === 'automated') ? 'status.active' : (`status.${c.status}` as const);
