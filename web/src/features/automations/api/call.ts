import { resilientFetch } from '@/api/resilience';

type Options = {
  body?: unknown;
  text?: { content: string; type: string };
  ifMatch?: number;
  signal?: AbortSignal;
  query?: Record<string, string | number | undefined>;
};

/** One request to `/api/app`; `null` for an empty answer. @throws Problem for every answer that is no success. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const url = new URL(`/api/app/${path}`, window.location.origin);
  for (const [key, value] of Object.entries(options.query ?? {}))
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  const headers = new Headers({ Accept: 'application/json' });
  const { body, text } = options;
  if (text !== undefined) headers.set('Content-Type', text.type);
  else if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (options.ifMatch !== undefined) headers.set('If-Match', `"${options.ifMatch}"`);
  const response = await resilientFetch(
    new Request(url, {
      method,
      headers,
      credentials: 'same-origin',
      ...(text !== undefined ? { body: text.content } : body !== undefined ? { body: JSON.stringify(body) } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    }),
  );
  const answer = await response.text();
  return (answer === '' ? null : JSON.parse(answer)) as T;
}
