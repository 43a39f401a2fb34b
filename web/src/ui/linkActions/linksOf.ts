type Mail = { design?: unknown; html?: string | null };

const href = /href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

const decoded = (text: string) => {
  const area = document.createElement('textarea');
  area.innerHTML = text;
  return area.value;
};

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
