/**
 * The query string of a page. A text stands in it as it is, `days=7` and not `days="7"`; what is no text, and what would be read as something else,
 * stands as JSON. Numbers come back as texts: pages read what they understand of them.
 */
const isJson = (text: string) => /^(?:[[{"]|true$|false$|null$)/.test(text);

function read(text: string): unknown {
  if (!isJson(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const write = (value: unknown): string =>
  typeof value === 'string' && !isJson(value) ? value : (JSON.stringify(value) ?? '');

export function parseSearch(text: string): Record<string, unknown> {
  const search: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(text)) search[key] = read(value);
  return search;
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([key, value]) => [key, write(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
