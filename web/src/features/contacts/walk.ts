const key = 'millrace.contacts.walk';

/** The list one came from, so that `[` and `]` walk it on the contact's page. Kept per tab. */
export const rememberWalk = (ids: readonly number[]) => sessionStorage.setItem(key, JSON.stringify(ids.slice(0, 2000)));

/** The contacts before and after this one in that list. */
export function neighbours(id: number): { previous?: number; next?: number; place?: number; of?: number } {
  let ids: unknown;
  try {
    ids = JSON.parse(sessionStorage.getItem(key) ?? '[]');
  } catch {
    return {};
  }
  if (!Array.isArray(ids)) return {};
  const at = ids.indexOf(id);
  if (at < 0) return {};
  const [previous, next] = [ids[at - 1], ids[at + 1]] as (number | undefined)[];
  return {
    place: at + 1,
    of: ids.length,
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}
