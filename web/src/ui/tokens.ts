/** `%FIRSTNAME|there%`: what the server takes for a tag. Anything else with percent signs is plain text. */
const tokenShape = '%[A-Z][A-Z0-9_:-]{0,99}(?:[+-][0-9]{1,4}[DWMY]){0,4}(?:\\|[^%\\r\\n<]{0,200})?%';

export const tokens = () => new RegExp(tokenShape, 'g');
export const tokenAtEnd = new RegExp(`(${tokenShape})$`);

export type TokenParts = { name: string; modifier?: string; fallback: string };

export function readToken(token: string): TokenParts {
  const [name = '', ...rest] = token.slice(1, -1).split('|');
  const fallback = rest.at(-1) ?? '';
  return rest.length > 1 ? { name, modifier: rest.slice(0, -1).join('|'), fallback } : { name, fallback };
}

/** Signs that would end the token are left out of the fallback. */
export function writeToken({ name, modifier, fallback }: TokenParts): string {
  const clean = fallback.replace(/[%<|\r\n]/g, '');
  const rest = [modifier, clean].filter((part) => part !== undefined && part !== '');
  return `%${[name, ...rest].join('|')}%`;
}

/** Text cut at its tokens. */
export function splitTokens(text: string): { text: string; isToken: boolean }[] {
  const parts: { text: string; isToken: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(tokens())) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), isToken: false });
    parts.push({ text: match[0], isToken: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isToken: false });
  return parts;
}

/** `%FIRSTNAME|there%` as one would say it: Firstname. */
export function spokenToken(token: string): string {
  const { name } = readToken(token);
  return name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ');
}

/** Text for where marks cannot stand, such as the lines of a menu. */
export const spokenText = (text: string): string =>
  splitTokens(text)
    .map((part) => (part.isToken ? spokenToken(part.text) : part.text))
    .join('');

/** The editor's HTML as it is stored: a tag is nothing but its token. */
export const bareTokens = (html: string) => html.replace(/<span data-token="[^"]*">([^<]*)<\/span>/g, '$1');
