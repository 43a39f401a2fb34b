/** What one request takes. */
export const chunkSize = 20_000;

/** The first column of each line: a list with one entry in a line, or a CSV file. Entries in one line may also be divided by blanks. */
export const entriesOf = (text: string): string[] =>
  text
    .split(/\r\n|[\r\n]/)
    .flatMap((line) => (/[,;\t]/.test(line) ? [line.split(/[,;\t]/)[0] ?? ''] : line.split(/\s+/)))
    .map((entry) => entry.replace(/^[\s"'\uFEFF]+|[\s"']+$/g, ''))
    .filter((entry) => entry !== '');

export const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
