import { client } from '@/api/client';
import type { components } from '@/api/schema';

type Request = components['schemas']['BulkContactsBulkRequest'];

/** The server takes this many at once. */
const atOnce = 1000;

/** One action on any number of contacts. @returns how many really changed. */
export async function sendBulk(action: Omit<Request, 'contact_ids'>, ids: readonly number[]): Promise<number> {
  let changed = 0;
  for (let i = 0; i < ids.length; i += atOnce) {
    const { data } = await client.POST('/api/app/contacts/bulk', {
      body: { ...action, contact_ids: ids.slice(i, i + atOnce) },
    });
    changed += data?.changed ?? 0;
  }
  return changed;
}
