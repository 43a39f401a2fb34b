import type { Tone } from '@/ui/StatusBadge';

const tones: Record<string, Tone> = {
  uploading: 'waiting',
  uploaded: 'quiet',
  waiting: 'waiting',
  running: 'waiting',
  finished: 'good',
  cancelled: 'quiet',
  failed: 'bad',
};

export const toneOf = (state: string): Tone => tones[state] ?? 'quiet';

export const isOver = (state: string) => state === 'finished' || state === 'cancelled' || state === 'failed';
