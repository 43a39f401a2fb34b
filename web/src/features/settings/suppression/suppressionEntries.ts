export type SuppressionEntry = { address: string; reason: string | null };

/** Heads that name the columns in files of other services. */
const addressHeads = /^(e-?mail( ?address)?|address|recipient|adresse)$/i;
const reasonHeads = /^(reason|type|bounce ?type|status|suppression ?reason|category)$/i;

/** One line of a CSV file; quotes may hold the divider. */
function cells(line: string, divider: string): string[] {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (c === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === divider && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  return [...found, cell.trim()];
}

/** Addresses and reasons of a CSV file: by the names of its columns, else the first and the second. */
export function suppressionEntries(text: string): SuppressionEntry[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== '');
  const first = lines[0] ?? '';
  const divider = first.includes('\t') ? '\t' : first.includes(';') ? ';' : ',';
  const head = cells(first, divider);
  const named = head.findIndex((h) => addressHeads.test(h));
  const address = Math.max(named, 0);
  const reason = named < 0 ? 1 : head.findIndex((h) => reasonHeads.test(h));
  return (named < 0 ? lines : lines.slice(1)).map((line) => {
    const row = cells(line, divider);
    return { address: row[address] ?? '', reason: (reason < 0 ? '' : row[reason]) || null };
  });
}
