import { server } from '@/testing/server';
import { http, HttpResponse } from 'msw';
import type { ContactRow } from './list/contactList';
import type { Entry, Profile } from './profile/profile';

const day = '2026-11-20T10:00:00Z';
const people = ['Ada Lovelace', 'Ben Okafor', 'Chiara Rossi'];

export const contactRows: ContactRow[] = people.map((name, i) => ({
  id: i + 1,
  email: `${name.split(' ')[0]?.toLowerCase()}@example.com`,
  first_name: name.split(' ')[0] ?? '',
  last_name: name.split(' ')[1] ?? '',
  phone: '',
  bounced: false,
  created_at: day,
  updated_at: day,
  tags: i === 0 ? [{ id: 7, name: 'vip' }] : [],
  lists: i === 1 ? [{ id: 3, name: 'News', status: 'unsubscribed' }] : [],
  fields: {},
}));

export const profile: Profile = {
  id: 1,
  version: '1',
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  phone: '',
  time_zone: null,
  bounced_at: null,
  source: 'manual',
  created_at: day,
  updated_at: day,
  groups: [],
  tags: [{ id: 7, name: 'vip', tagged_at: day }],
  lists: [
    {
      id: 3,
      name: 'News',
      status: 'active',
      subscribed_at: day,
      unsubscribed_at: null,
      reason: null,
      source: 'manual',
    },
  ],
  notes: [],
  last_seen: null,
};

export const happened = (id: number, part: Partial<Entry>): Entry => ({
  id,
  kind: 'email.opened',
  title: 'E-mail opened',
  group: 'E-mail',
  detail: 'Offer',
  occurred_at: day,
  automation_id: null,
  step_key: null,
  data: {} as never,
  ...part,
});

const tagAction = {
  key: 'tag.add',
  title: 'Add tag',
  description: 'Puts a tag on every chosen contact.',
  icon: 'tag',
  is_destructive: false,
  can_undo: true,
  allowed: true,
  options: [{ key: 'tag', label: 'Tag', type: 'reference', required: true, source: 'tag' }],
};

export const bulkJob = {
  id: 5,
  action: 'tag.add',
  title: 'Add the tag “vip”',
  icon: 'tag',
  state: 'finished',
  total: 3,
  done: 3,
  changed: 2,
  skipped: 1,
  started_by: 'Ann',
  undo_of: null,
  undone_by: null,
  undo_until: day,
  items_kept: true,
  problem: null,
  created_at: day,
  finished_at: day,
  reasons: [],
};

/** The server's answers that most pages of contacts need. */
export function answerContacts() {
  server.use(
    http.get('*/api/app/lists', () => HttpResponse.json({ items: [{ id: 3, name: 'News' }] })),
    http.get('*/api/app/tags', () =>
      HttpResponse.json({
        items: [
          { id: 7, name: 'vip' },
          { id: 8, name: 'trial' },
        ],
        next_cursor: null,
      }),
    ),
    http.get('*/api/app/references/tag', () =>
      HttpResponse.json({ items: [{ id: 7, name: 'vip' }], can_create: true }),
    ),
    http.get('*/api/app/fields', () => HttpResponse.json({ items: [] })),
    http.get('*/api/app/views', () => HttpResponse.json({ items: [] })),
    http.get('*/api/app/contacts/bulk/actions', () => HttpResponse.json({ items: [tagAction] })),
    http.get('*/api/app/contacts/bulk', () => HttpResponse.json({ items: [] })),
    http.get('*/api/app/contacts/1', () => HttpResponse.json(profile)),
    http.get('*/api/app/contacts/1/runs', () => HttpResponse.json([])),
    http.get('*/api/app/contacts/1/activities', () => HttpResponse.json({ items: [], next_cursor: null })),
  );
}
