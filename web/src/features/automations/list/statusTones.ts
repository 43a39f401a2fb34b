import type { Tone } from '@/ui/StatusBadge';
import type { AutomationStatus } from '../api/types';

export const statusTones: Record<AutomationStatus, Tone> = { draft: 'quiet', active: 'good', inactive: 'waiting' };
