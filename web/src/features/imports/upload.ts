import { Problem, unreachable } from '@/api/problem';
import { csrfToken } from '@/api/resilience';
import type { components } from '@/api/schema';

export type ImportView = components['schemas']['ImportView'];

/** Bytes the server takes. */
export const maxBytes = 500 * 2 ** 20;

/**
 * Sends a file as it is. `fetch` does not tell how much has left, so this is the one place with an XMLHttpRequest.
 * @param onProgress 0 to 1.
 * @throws Problem as everywhere else.
 */
export function uploadImport(
  file: Blob,
  name: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<ImportView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/app/imports?name=${encodeURIComponent(name)}`);
    request.setRequestHeader('Content-Type', 'text/csv');
    request.setRequestHeader('Accept', 'application/json');
    const token = csrfToken();
    if (token !== null) request.setRequestHeader('X-CSRF-Token', token);
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.onload = () => {
      const body = read(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as ImportView);
      else reject(new Problem({ ...(body as object), status: request.status }));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
