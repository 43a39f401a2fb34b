import type { Tone } from '@/ui/StatusBadge';
import type { Profile } from './profile';

export type Sendable = { tone: Tone; key: 'no_email' | 'bounced' | 'no_list' | 'inactive' | 'sendable'; count: number };

/** Whether mail can reach the contact, and if not, the first reason. */
export function sendable(c: Pick<Profile, 'email' | 'bounced_at' | 'lists'>): Sendable {
  const active = c.lists.filter((l) => l.status === 'active').length;
  if (!c.email) return { tone: 'quiet', key: 'no_email', count: 0 };
  if (c.bounced_at) return { tone: 'bad', key: 'bounced', count: 0 };
  if (active > 0) return { tone: 'good', key: 'sendable', count: active };
  return { tone: 'quiet', key: c.lists.length === 0 ? 'no_list' : 'inactive', count: 0 };
}
