import { formatNumber } from '@/ui/format';

/** A part of a whole in words: small shares need their second digit. */
export const shareText = (part: number, of: number): string =>
  of === 0 ? '–' : formatNumber(part / of, { style: 'percent', maximumFractionDigits: part / of < 0.1 ? 2 : 1 });

export type Tone = 'good' | 'waiting' | 'bad' | undefined;

/** From which share on something is worth a look, and from which it is dangerous. Few mails say nothing. */
export const toneOf = (part: number, of: number, warn: number, danger: number): Tone =>
  of < 50 ? undefined : part / of >= danger ? 'bad' : part / of >= warn ? 'waiting' : undefined;
