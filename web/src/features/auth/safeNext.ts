/** Where to go after signing in: only paths of this app, never another host. */
export function safeNext(next: string | undefined): string {
  if (next === undefined) return '/';
  const base = window.location.origin;
  const url = new URL(next, base);
  const inside =
    url.origin === base && (url.pathname === '/app' || url.pathname.startsWith('/app/') || !next.startsWith('/app'));
  const path = url.pathname.replace(/^\/app(?=\/|$)/, '') || '/';
  return inside && next.startsWith('/') && !next.startsWith('//') && !/^\/login/.test(path)
    ? path + url.search + url.hash
    : '/';
}
