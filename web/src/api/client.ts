import createFetchClient from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { resilientFetch } from './resilience';
import type { paths } from './schema';

/** Typed calls outside of components. Throws `Problem` for every answer that is no success. */
export const client = createFetchClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  headers: { Accept: 'application/json' },
  fetch: resilientFetch,
});

/** Typed hooks: `api.useQuery('get', '/api/app/home')`, `api.useMutation('post', ...)`. */
export const api = createQueryClient(client);
