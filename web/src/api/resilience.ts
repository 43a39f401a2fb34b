import { create } from 'zustand';
import { readProblem, unreachable } from './problem';

type Waiting = { signIn: boolean; busy: number };

/** What the shell must show: a sign-in dialog over the page, or a banner that the server is busy. */
export const useWaiting = create<Waiting>(() => ({ signIn: false, busy: 0 }));

let signedIn: Promise<boolean> | null = null;
let settle: (again: boolean) => void = () => {};

/** Opens the dialog once for all refused requests; true when the user signed in again. */
function askToSignIn(): Promise<boolean> {
  signedIn ??= new Promise<boolean>((resolve) => {
    settle = resolve;
    useWaiting.setState({ signIn: true });
  }).finally(() => {
    signedIn = null;
    useWaiting.setState({ signIn: false });
  });
  return signedIn;
}

/** Called by the dialog: true sends the waiting requests again, false lets them fail with 401. */
export const settleSignIn = (again: boolean) => settle(again);

export function csrfToken(): string | null {
  const cookie = document.cookie.split('; ').find((c) => c.startsWith('millrace_csrf='));
  return cookie === undefined ? null : decodeURIComponent(cookie.slice('millrace_csrf='.length));
}

const safe = /^(GET|HEAD|OPTIONS)$/;
const ownSession = /\/api\/app\/(session|setup)$/;
const attempts = 4;

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new DOMException('aborted', 'AbortError'));
      },
      { once: true },
    );
  });

/** Seconds the server asked for (RFC 9110 10.2.3), as milliseconds between 0.2 s and 30 s; doubling from 0.5 s without a word from it. */
function delay(response: Response, attempt: number): number {
  const header = response.headers.get('retry-after');
  const seconds =
    header === null ? NaN : /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Math.min(30_000, Math.max(200, Number.isNaN(seconds) ? 500 * 2 ** attempt : seconds * 1000));
}

/** The banner appears when a request has waited this long. */
export const bannerAfter = 3000;

async function waitForServer(response: Response, attempt: number, signal: AbortSignal) {
  const ms = delay(response, attempt);
  let shown = false;
  const show = () => {
    shown = true;
    useWaiting.setState((s) => ({ busy: s.busy + 1 }));
  };
  const timer = ms >= bannerAfter ? setTimeout(show, bannerAfter) : undefined;
  try {
    await sleep(ms, signal);
  } finally {
    clearTimeout(timer);
    if (shown) useWaiting.setState((s) => ({ busy: s.busy - 1 }));
  }
}

/**
 * `fetch` for our server: sets the anti-forgery header on unsafe methods, waits out 429 and 503 (a 503 to a write only when
 * the server says `Retry-After`, which means it did not begin), asks to sign in on 401 and sends the request again.
 * @throws Problem for every answer that is no success.
 */
export async function resilientFetch(request: Request): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const copy = request.clone();
    const token = csrfToken();
    if (!safe.test(request.method) && token !== null) copy.headers.set('X-CSRF-Token', token);
    const response = await fetch(copy).catch((error: unknown) => {
      // What fetch throws when no answer comes; a request that was called off stays what it is.
      throw error instanceof TypeError ? unreachable() : error;
    });
    if (response.ok) return response;
    const path = new URL(request.url).pathname;
    if (response.status === 401 && !ownSession.test(path) && (await askToSignIn())) continue;
    const notBegun =
      response.status === 429 ||
      (response.status === 503 && (safe.test(request.method) || response.headers.has('retry-after')));
    if (notBegun && attempt < attempts - 1) {
      await waitForServer(response, attempt, request.signal);
      continue;
    }
    throw await readProblem(response);
  }
}
