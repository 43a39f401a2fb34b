import type { ConditionNode } from '@/ui/conditions/tree';
import type { SubscriptionStatus } from '@/ui/people/SubscriptionBadge';

/** What of the contact list a reload must keep. Days are `yyyy-mm-dd` in the user's zone; `to` is included. */
export type ContactSearch = {
  q?: string;
  tag?: number;
  list?: number;
  status?: SubscriptionStatus;
  from?: string;
  to?: string;
  /** A saved segment. */
  segment?: number;
  /** The tree of the advanced search. */
  conditions?: ConditionNode;
  /** `created`, `email`, `first_name`, `last_name`; a leading minus turns it round. */
  sort?: string;
  /** The contact in the peek panel. */
  peek?: number;
  create?: boolean;
  /** Whether the advanced search is open. */
  advanced?: boolean;
  /** The saved view that is shown; its filters stand in the address too. */
  view?: number;
};

const statuses = ['active', 'unconfirmed', 'unsubscribed', 'bounced'];
const id = (value: unknown) => (Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined);
const matching = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;
const day = matching(/^\d{4}-\d\d-\d\d$/);
const sort = matching(/^-?(created|email|first_name|last_name)$/);

/** The server takes trees of this many characters in an address; a larger one is saved as a segment. */
export const maxTree = 8000;
const tree = (value: unknown): ConditionNode | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && JSON.stringify(value).length <= maxTree
    ? (value as ConditionNode)
    : undefined;

/** Takes what it understands of an address and drops the rest. */
export function readSearch(raw: Record<string, unknown>): ContactSearch {
  const read = {
    q: raw['q'] === undefined || raw['q'] === '' ? undefined : String(raw['q']).slice(0, 500),
    tag: id(raw['tag']),
    list: id(raw['list']),
    status: statuses.includes(String(raw['status'])) ? (String(raw['status']) as SubscriptionStatus) : undefined,
    from: day(raw['from']),
    to: day(raw['to']),
    segment: id(raw['segment']),
    conditions: tree(raw['conditions']),
    sort: sort(raw['sort']),
    peek: id(raw['peek']),
    create: raw['create'] === true ? true : undefined,
    advanced: raw['advanced'] === true ? true : undefined,
    view: id(raw['view']),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

export const filterKeys = ['q', 'tag', 'list', 'status', 'from', 'to', 'segment', 'conditions'] as const;
export const isFiltered = (search: ContactSearch) => filterKeys.some((key) => search[key] !== undefined);

/** What segment and advanced search ask together; undefined where neither is there. */
export function askedTree({ segment, conditions }: ContactSearch): ConditionNode | undefined {
  const member = segment === undefined ? undefined : { field: 'segment', op: 'in', value: segment };
  if (member === undefined) return conditions;
  return conditions === undefined ? member : { all: [member, conditions] };
}
