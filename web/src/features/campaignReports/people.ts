/** Whom a list shows; as the server names them. */
export const peopleOf = [
  'sent',
  'opened',
  'not_opened',
  'clicked',
  'not_clicked',
  'bounced',
  'unsubscribed',
  'complained',
  'replied',
  'forwarded',
  'shared',
] as const;
export type PeopleOf = (typeof peopleOf)[number];

const did: Partial<Record<PeopleOf, string>> = {
  sent: 'email.sent',
  opened: 'email.opened',
  clicked: 'email.clicked',
  bounced: 'email.bounced',
  unsubscribed: 'email.unsubscribed',
  complained: 'email.complained',
  replied: 'email.replied',
  forwarded: 'email.forwarded',
  shared: 'email.shared',
};

/** The same people as conditions of a segment, by what the contacts did; null where conditions cannot say it. */
export function conditionsOf(of: PeopleOf, messages: readonly number[], link?: string) {
  const anyOf = (activity: string, more: object = {}) => ({
    any: messages.map((message) => ({ activity, message, ...more })),
  });
  const never = (activity: string) => messages.map((message) => ({ activity, message, never: true }));
  if (of === 'not_opened') return { all: [anyOf('email.sent'), ...never('email.opened')] };
  if (of === 'not_clicked') return { all: [anyOf('email.sent'), ...never('email.clicked')] };
  const activity = did[of];
  return activity === undefined ? null : anyOf(activity, of === 'clicked' && link !== undefined ? { url: link } : {});
}
