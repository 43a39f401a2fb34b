import type { QueryKey } from '@tanstack/react-query';

const list = '/api/app/contacts';

/** Starts of the keys of what pages show of a topic. */
const starts: Record<string, QueryKey[]> = {
  contacts: [
    ['get', list],
    ['get', '/api/app/contacts/{id}'],
    ['contact'],
    ['get', '/api/app/lists'],
    ['get', '/api/app/tags'],
    ['get', '/api/app/home'],
  ],
  bulk: [
    ['get', '/api/app/contacts/bulk'],
    ['get', '/api/app/contacts/bulk/{id}'],
  ],
  imports: [
    ['get', '/api/app/imports'],
    ['get', '/api/app/imports/{id}'],
  ],
  exports: [['get', '/api/app/exports']],
  caught_mail: [['get', '/api/app/caught-mail']],
  automation: [],
  campaigns: [
    ['get', '/api/app/campaigns'],
    ['get', '/api/app/campaigns/{id}'],
    ['get', '/api/app/campaigns/{id}/progress'],
    ['get', '/api/app/campaigns/calendar'],
  ],
};

/** How long after the last time a topic is asked for again, in milliseconds. Contacts change by the thousand during an import. */
export const pauseOf = (topic: string) => (topic === 'contacts' ? 4000 : 1000);

/** Starts of the keys to ask for again; `*` is everything. An automation's keys begin with its id as text, as its pages have it from the address. */
export function keysOf(topic: string): QueryKey[] {
  if (topic === '*') return [...Object.values(starts).flat(), ['automations']];
  const [kind = '', id] = topic.split(':');
  if (kind === 'automation' && id !== undefined)
    return [
      ['automations', id, 'counts'],
      ['automations', id, 'people'],
      ['automations', 'list'],
    ];
  return starts[kind] ?? [];
}

/** A long list that someone has scrolled far down is not loaded again page by page; it is only marked as old. */
export const isTooLong = (data: unknown) =>
  typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) && data.pages.length > 3;
