import type { ContactRow } from './contactList';

export type BulkKind = 'add_tag' | 'remove_tag' | 'subscribe' | 'unsubscribe';

/**
 * The contacts that an action will really change. Subscribing leaves those who unsubscribed or bounced as they are: together, nobody's own decision
 * is overruled.
 */
export function touched(kind: BulkKind, target: number, contacts: readonly ContactRow[]): ContactRow[] {
  const hasTag = (c: ContactRow) => c.tags.some((t) => t.id === target);
  const status = (c: ContactRow) => c.lists.find((l) => l.id === target)?.status;
  switch (kind) {
    case 'add_tag':
      return contacts.filter((c) => !hasTag(c));
    case 'remove_tag':
      return contacts.filter(hasTag);
    case 'subscribe':
      return contacts.filter((c) => status(c) === undefined || status(c) === 'unconfirmed');
    case 'unsubscribe':
      return contacts.filter((c) => status(c) === 'active' || status(c) === 'unconfirmed');
  }
}
