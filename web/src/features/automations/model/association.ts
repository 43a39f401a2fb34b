import type { AutomationDocument } from './document';

/** Which lists an unsubscribe in a mail takes contacts off, as the server works it out. */
export type Association = {
  /** The settings say so, and nothing else counts. */
  chosen: boolean;
  /** Lists that are named. */
  lists: readonly number[];
  /** Also the list that brought the contact in. */
  entry: boolean;
};

const ofList = ['list.subscribed', 'list.unsubscribed'];
const ofMail = ['email.opened', 'email.clicked', 'email.bounced', 'email.replied', 'email.complained'];

export function associationOf(document: AutomationDocument): Association {
  const chosen = document.unsubscribe_lists ?? [];
  if (chosen.length > 0) return { chosen: true, lists: chosen, entry: false };
  const named = document.triggers.flatMap((t) =>
    ofList.includes(t.type) && typeof t['list'] === 'number' ? [t['list']] : [],
  );
  return {
    chosen: false,
    lists: [...new Set(named)],
    entry: document.triggers.some(
      (t) => ofMail.includes(t.type) || (ofList.includes(t.type) && typeof t['list'] !== 'number'),
    ),
  };
}
