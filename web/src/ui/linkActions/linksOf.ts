type Mail = { design?: unknown; html?: string | null };

const href = /href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

const entities: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** What stands for characters in attributes; other entities do not occur in addresses. */
const decoded = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|quot|apos|lt|gt));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** Web links as they are written in a mail, each once, in their order: what actions can be set for. */
export function linksOf(mail: Mail): string[] {
  const found = new Set<string>();
  const take = (url: string) => {
    if (/^https?:\/\/./i.test(url)) found.add(url);
  };
  const walk = (value: unknown, key: string) => {
    if (typeof value === 'string') {
      if (key === 'url') take(value.trim());
      else for (const match of value.matchAll(href)) take(decoded(match[1] ?? match[2] ?? '').trim());
    } else if (Array.isArray(value)) value.forEach((item) => walk(item, key));
    else if (typeof value === 'object' && value !== null)
      Object.entries(value).forEach(([name, member]) => walk(member, name));
  };
  const hasDesign = typeof mail.design === 'object' && mail.design !== null;
  walk(hasDesign ? mail.design : mail.html, 'html');
  return [...found];
}
